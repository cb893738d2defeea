/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xstate.c - lets User-Mode Linux run on processors with more registers than
 * it knows (AMX: 11008 bytes of state, it keeps 2696 for AVX-512). Preloaded
 * into it by real-peer.sh.
 *
 * The host's kernel takes a process's extended state only whole (ptrace(2),
 * NT_X86_XSTATE; EFAULT otherwise), and without that a guest dies before its
 * init runs. What User-Mode Linux gives is the beginning, its header names
 * only what is in there, so the rest may be anything.
 *
 * No heap: User-Mode Linux has its own.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned char whole[64 * 1024]; /* behind what is given: zeros */
static size_t whole_len; /* 0: not needed, or not yet known to be */

static long
ask(long request, long pid, long addr, void *data)
{
	return syscall(SYS_ptrace, request, pid, addr, data);
}

static long
learn_len(long pid)
{
	struct iovec v = { whole, sizeof(whole) };

	if (ask(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &v) < 0)
		return -1;
	memset(whole, 0, v.iov_len);
	whole_len = v.iov_len;
	return 0;
}

static long
set_whole(long pid, const struct iovec *given)
{
	struct iovec v = { whole, whole_len };

	if (given->iov_len > whole_len) {
		errno = EFAULT;
		return -1;
	}
	memcpy(whole, given->iov_base, given->iov_len);
	return ask(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &v);
}

static long
set_xstate(long pid, struct iovec *given)
{
	if (whole_len == 0) {
		long rc = ask(PTRACE_SETREGSET, pid, NT_X86_XSTATE, given);

		if (rc == 0 || errno != EFAULT || learn_len(pid) < 0)
			return rc;
	}
	return set_whole(pid, given);
}

/* In the C library these return what the kernel writes to data. */
static long
peek(long request, long pid, long addr)
{
	long word = -1;

	if (ask(request, pid, addr, &word) < 0)
		return -1;
	errno = 0;
	return word;
}

long
ptrace(enum __ptrace_request request, ...)
{
	va_list ap;
	long addr;
	void *data;
	pid_t pid;

	va_start(ap, request);
	pid = va_arg(ap, pid_t);
	addr = va_arg(ap, long);
	data = va_arg(ap, void *);
	va_end(ap);
	if (request == PTRACE_SETREGSET && addr == NT_X86_XSTATE)
		return set_xstate(pid, data);
	if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA ||
	    request == PTRACE_PEEKUSER)
		return peek(request, pid, addr);
	return ask((long)request, pid, addr, data);
}
