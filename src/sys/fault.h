/* fault.h - named places where a test build can be made to die or to wait.
 *
 * Does      FAULT_POINT("office.committed") is nothing at all unless the build has -Dfault_points=true; then
 *           SEKISHO_FAULT="name:percent:/path" makes it append one byte to /path and raise SIGKILL that often.
 * Layer     sys.
 */
#ifndef SYS_FAULT_H
#define SYS_FAULT_H

#ifdef SEKISHO_FAULT_POINTS
void fault_point(const char *name);
#define FAULT_POINT(name) fault_point(name)
#else
#define FAULT_POINT(name) ((void)0)
#endif

#endif
