/* nginx_conf.h - write nginx.conf for one data directory.
 *
 * Does      fill @NAMES@ of packaging/nginx/sekisho.conf.in in and put the result where nginx -c finds it.
 * Layer     server; uses base, sys.
 * Trusts    the template; not the paths: whatever could leave a quoted string is refused.
 * Fails     ERR_INPUT for such a path, an unknown or left-over @NAME@; whatever reading and writing give.
 */
#ifndef SERVER_NGINX_CONF_H
#define SERVER_NGINX_CONF_H

#include "base/err.h"
#include "base/str.h"

struct nginx_conf {
        const char *template;      /* .../sekisho.conf.in; the error pages lie beside it in errors/ */
        const char *data;          /* data directory, absolute */
        const char *web;           /* built front end, absolute */
        const char *pages;         /* error pages, absolute */
        uint16_t    user_port, machine_port;
        bool        everywhere;    /* listen on all addresses; otherwise on this machine's own only */
        bool        ipv6;
        bool        as_root;       /* the master is root: the workers are, too, since files belong to it */
};

/* Pure part, for tests. */
int nginx_conf_fill(struct buf *out, struct str template, const struct nginx_conf *c, struct err *e);

/* Makes DATA/nginx and its directories, writes DATA/nginx/nginx.conf. */
int nginx_conf_write(const struct nginx_conf *c, struct err *e);

#endif
