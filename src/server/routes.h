/* routes.h - `sekishod routes`: the route table as CSV, for the test that compares it with tests/scenario/authz.csv. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

int routes_main(const char *unused);

#endif
