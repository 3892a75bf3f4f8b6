#pragma once
#include <libpq-fe.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

/* epoll_event holds a union, which Swift cannot fill: the descriptor goes in here. */
static inline int epoll_add_descriptor(int epoll, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}
static inline int epoll_change_descriptor(int epoll, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}
static inline int epoll_remove_descriptor(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0);
}

/* ioctl is variadic. How many bytes wait in the socket to be read; 0 when that cannot be told. */
static inline int unread_bytes(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

/* prctl is variadic. Names the calling thread, in at most 15 characters, for debuggers and top. */
static inline void name_thread(const char *name) {
  prctl(PR_SET_NAME, name);
}
