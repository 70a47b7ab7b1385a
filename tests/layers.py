#!/usr/bin/python3
"""layers.py [--tap] [--root DIR] [BUILD] - who may know whom (DESIGN, "Directions"; layers.txt).

Reads every #include below src/ and says where it breaks layers.txt:
  folder: folders          who may include whose headers (the deepest line that fits the folder counts)
  lib NAME: folders        who may include that library's headers (NAME is a header or a folder of headers)
and, beyond the table:
  - a quoted include names its folder ("base/err.h"), and the file exists or the build generates it;
  - <headers> of libraries that no `lib` line names are refused: a dependency is entered before it is used;
  - base and core, which are pure, include only the libc headers that do no input or output;
  - SQL words stand in server/office/store only, and no string is built into a statement;
  - with BUILD, the objects of base, core and wire call nothing of the machine (nm -u).
Prints "file:line: what" for each; exit 1 if there is one. --tap says the same as TAP.
"""
import argparse
import os
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
PURE = {'base', 'core', 'wire'}

# What pure code may take from libc. <unistd.h> and <time.h> come in through banned.h, only to be poisoned.
PURE_LIBC = {'assert.h', 'ctype.h', 'endian.h', 'errno.h', 'inttypes.h', 'limits.h', 'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h',
             'stdio.h', 'stdlib.h', 'string.h', 'stdalign.h', 'math.h',
             'pthread.h'}   # for pthread_once and locks around a cache; pthread_create is found in the objects
LIBC = re.compile(r'^(?:(?:sys|linux|net|netinet|netpacket|arpa|asm|bits)/[\w/.-]+|[a-z_0-9]+)\.h$')
LIBC_NAMES = PURE_LIBC | {'dirent.h', 'fcntl.h', 'ftw.h', 'grp.h', 'ifaddrs.h', 'libgen.h', 'locale.h', 'netdb.h', 'poll.h', 'pthread.h', 'pwd.h', 'sched.h',
                          'signal.h', 'spawn.h', 'stdatomic.h', 'termios.h', 'time.h', 'unistd.h', 'wchar.h', 'wctype.h', 'getopt.h', 'malloc.h'}

# Symbols of the machine: files, sockets, time, randomness, processes, environment, the library calls that hide them.
MACHINE = set('''open open64 openat openat64 creat read write pread pread64 pwrite pwrite64 readv writev close lseek lseek64 fcntl fcntl64 ioctl
    stat stat64 fstat fstat64 lstat access unlink unlinkat rename renameat mkdir rmdir opendir readdir readdir64 link symlink fsync fdatasync
    fopen fopen64 fdopen freopen fclose fread fwrite fgets fgetc getc getchar fputs fputc putc putchar puts printf vprintf fprintf vfprintf
    __printf_chk __fprintf_chk __vfprintf_chk __vprintf_chk perror scanf fscanf getline getdelim tmpfile fflush stdout stderr stdin
    socket connect bind listen accept accept4 send sendto sendmsg recv recvfrom recvmsg socketpair getaddrinfo gethostbyname
    poll ppoll select pselect epoll_create1 epoll_ctl epoll_wait sleep usleep nanosleep clock_nanosleep
    time clock_gettime clock gettimeofday gmtime gmtime_r localtime localtime_r mktime tzset getrandom getentropy arc4random
    rand random srand fork vfork execve execvp system popen posix_spawn wait waitpid kill raise signal sigaction exit _exit quick_exit
    getenv secure_getenv setenv getpid getuid syscall dlopen dlsym mmap munmap pthread_create setlocale
    yaml_parser_set_input_file yaml_emitter_set_output_file json_load_file json_loadf json_loadfd json_dump_file json_dumpf json_dumpfd
    BIO_new_file BIO_new_fp RAND_bytes RAND_priv_bytes ERR_print_errors_fp PEM_read_X509 PEM_read_PrivateKey EVP_PKEY_keygen'''.split())

SQL = re.compile(r'"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE TABLE|PRAGMA|ALTER TABLE|BEGIN IMMEDIATE)\b')


def read_table(path):
    folders, libs = {}, {}
    with open(path, encoding='utf-8') as f:
        for n, line in enumerate(f, 1):
            line = line.split('#', 1)[0].rstrip()
            if not line:
                continue
            left, colon, right = line.partition(':')
            if not colon:
                sys.exit('%s:%d: want "folder: folders" or "lib NAME: folders"' % (path, n))
            if left.startswith('lib '):
                libs[left[4:].strip()] = right.split()
            else:
                folders[left.strip()] = right.split()
    return folders, libs


def inside(path, folder):
    return path == folder or path.startswith(folder + '/')


def deepest(path, keys):
    """The longest key that `path` lies in, or None."""
    fits = [k for k in keys if inside(path, k)]
    return max(fits, key=len) if fits else None


def sources(src):
    for where, dirs, files in os.walk(src):
        dirs.sort()
        for name in sorted(files):
            if name.endswith(('.c', '.h')):
                yield os.path.relpath(os.path.join(where, name), src)


def strip_comments(text):
    """Comments become blanks, so that line numbers stay."""
    blank = lambda m: m.group(0) if m.group(0).startswith('"') else re.sub(r'[^\n]', ' ', m.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', blank, text, flags=re.S)


def check_quoted(src, file, folder, name, folders, generated):
    if name in generated:
        return None
    if '/' not in name:
        return '"%s" does not name its folder' % name
    if not os.path.exists(os.path.join(src, name)):
        return '"%s" does not exist below src/' % name
    mine = deepest(folder, folders)
    if mine is None:
        return 'folder src/%s has no line in layers.txt' % folder
    target = os.path.dirname(name)
    if inside(target, mine) or any(inside(target, f) for f in folders[mine]):
        return None
    return '%s may not include "%s" (may: %s)' % (mine, name, ' '.join(folders[mine]) or 'nothing')


def check_system(folder, name, libs):
    fits = [k for k in libs if name == k or name.startswith(k + '/')]
    if fits:
        lib = max(fits, key=len)
        if any(inside(folder, f) for f in libs[lib]):
            return None
        return '%s may not include <%s> (lib %s: %s)' % (folder, name, lib, ' '.join(libs[lib]))
    if folder.split('/')[0] in PURE and name not in PURE_LIBC:
        return '%s is pure: <%s> is a door to the machine' % (folder.split('/')[0], name)
    if name not in LIBC_NAMES and not ('/' in name and LIBC.match(name)):
        return '<%s> belongs to no library of layers.txt' % name
    return None


def check_sources(root, folders, libs):
    src, found = os.path.join(root, 'src'), []
    generated = generated_headers(root)
    for file in sources(src):
        folder = os.path.dirname(file)
        with open(os.path.join(src, file), encoding='utf-8') as f:
            text = strip_comments(f.read())
        for n, line in enumerate(text.splitlines(), 1):
            m = INCLUDE.match(line)
            if m:
                if file == 'base/banned.h':
                    continue
                what = check_quoted(src, file, folder, m.group(2), folders, generated) if m.group(1) == '"' else check_system(folder, m.group(2), libs)
                if what:
                    found.append('src/%s:%d: %s' % (file, n, what))
            elif SQL.search(line) and not inside(folder, 'server/office/store'):
                found.append('src/%s:%d: SQL stands in server/office/store only' % (file, n))
    return found


def generated_headers(root):
    """Headers that a meson.build makes by custom_target ("output: [... 'name.h' ...]"), by bare name and by folder."""
    names = set()
    for where, dirs, files in os.walk(root):
        dirs[:] = [d for d in dirs if d not in ('.git', 'node_modules', 'build', 'var')]
        if 'meson.build' in files:
            with open(os.path.join(where, 'meson.build'), encoding='utf-8') as f:
                for block in re.findall(r'output\s*:\s*(\[[^\]]*\]|\'[^\']*\')', f.read()):
                    for name in re.findall(r"'([^']+\.h)'", block):
                        names |= {name, os.path.join(os.path.relpath(where, os.path.join(root, 'src')), name), os.path.join(os.path.relpath(where, root), name)}
    return names


def check_objects(build):
    found, seen = [], 0
    for where, _, files in os.walk(build):
        inner = os.path.relpath(where, build).split(os.sep)
        if inner[:1] != ['src'] or len(inner) < 2 or inner[1] not in PURE:
            continue
        for name in sorted(files):
            if not name.endswith('.o'):
                continue
            seen += 1
            out = subprocess.run(['nm', '-u', '--', os.path.join(where, name)], check=True, capture_output=True, text=True).stdout
            for symbol in (w.split()[-1].split('@')[0] for w in out.splitlines() if w.strip()):
                if symbol in MACHINE:
                    found.append('%s: calls %s: base, core and wire get what they need as arguments' % (os.path.join(os.path.relpath(where, build), name), symbol))
    if not seen:
        found.append('%s: no object of base, core or wire was found: build first' % build)
    return found


def main():
    a = argparse.ArgumentParser(description='check layers.txt')
    a.add_argument('--tap', action='store_true')
    a.add_argument('--root', default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    a.add_argument('build', nargs='?')
    a = a.parse_args()
    folders, libs = read_table(os.path.join(a.root, 'layers.txt'))
    checks = [('includes obey layers.txt', check_sources(a.root, folders, libs))]
    if a.build:
        checks.append(('pure objects call nothing of the machine', check_objects(os.path.abspath(a.build))))
    if a.tap:
        print('1..%d' % len(checks))
    for n, (name, found) in enumerate(checks, 1):
        if a.tap:
            print('%sok %d - %s' % ('not ' if found else '', n, name))
        for line in found:
            print('# ' * a.tap + line)
    return 1 if any(found for _, found in checks) else 0


if __name__ == '__main__':
    sys.exit(main())
