#!/usr/bin/env python3
# walk.py PROGRAM - "walk" on a pseudo-terminal of 80x24: what it says and
# takes, its screens, going back, stopping and going on, files and pastes.
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios

PROGRAM = os.path.abspath(sys.argv[1])
LIMIT = 60  # seconds after which something hangs
passed = failed = 0


def check(name, good, what=""):
    global passed, failed
    if good:
        passed += 1
        return
    failed += 1
    print("FAILED: %s %s" % (name, what))


class Terminal:
    """The program on a terminal; everything that it wrote is in .text."""

    def __init__(self, *args, state):
        self.text, self.mark, self.status = "", 0, None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8",
                              XDG_STATE_HOME=state)
            os.environ.pop("NO_COLOR", None)
            os.execv(PROGRAM, [PROGRAM, "walk", *args])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 80, 0, 0))

    def read(self):
        if not select.select([self.fd], [], [], LIMIT)[0]:
            raise TimeoutError(self.text)
        try:
            b = os.read(self.fd, 65536)
        except OSError:
            b = b""
        self.text += b.decode(errors="replace")
        return bool(b)

    def prompt(self):
        """Waits for the prompt; returns what was written since the last."""
        while not self.text[self.mark:].endswith("\n> "):
            if not self.read():
                break
        new, self.mark = self.text[self.mark:], len(self.text)
        return new

    def say(self, line):
        os.write(self.fd, (line + "\n").encode())
        return self.prompt()

    def paste(self, text):
        """Line by line, as the terminal has room for; ends the text."""
        for line in (text + "\n.\n").splitlines(True):
            os.write(self.fd, line.encode())
            while select.select([self.fd], [], [], 0)[0]:
                self.read()
        return self.prompt()

    def interrupt(self):
        os.write(self.fd, b"\003")
        return self.end()

    def leave(self):
        os.write(self.fd, b"q\n")
        return self.end()

    def end(self):
        while self.read():
            pass
        new, self.mark = self.text[self.mark:], len(self.text)
        os.close(self.fd)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return new


def flat(text):
    return " ".join(re.sub("\033\\[[0-9;]*[mK]", "", text).split())


def check_screen(name, text):
    """From one prompt to the next it fits the terminal."""
    lines = re.sub("\033\\[[0-9;]*[mK]", "", text).split("\r\n")
    check(name + ": lines", len(lines) <= 24, len(lines))
    check(name + ": columns", all(len(l) <= 80 for l in lines), text)


def blind(state):
    """Nothing but answers: back, skip, words, a number, nonsense."""
    t = Terminal("--as-helper", "--plain", state=state)
    first = t.prompt()
    check_screen("first", first)
    check("greets the helper", "two people at a distance" in flat(first))
    check("knows nothing", "Nothing is known yet." in first)
    check("wants the report", "run-all --save" in flat(first), first)
    s = t.say("c")
    check_screen("complaint", s)
    check("asks the user", "ASK THE USER" in s and "What is the trouble?" in s)
    check("refuses nonsense", "none of the answers" in t.say("z"))
    s = t.say("1")
    check_screen("message", s)
    check("asks for the message", "dial-up program say" in s, s)
    s = t.say("b")
    check("back", "taken back" in s and "What is the trouble?" in s, s)
    s = t.say("1")
    s = t.say("Error 691: access denied")
    s += t.end()
    check("a number is an answer", "auth-rejected" in s, s)
    check("says what it rests on", "rests on what was answered" in flat(s))
    check("a fault", t.status == 2, t.status)
    check("plain", "\033" not in t.text)
    saved = [f for f in os.listdir(state + "/v6doctor") if
             f.startswith("walk-")]
    check("saved", len(saved) == 1 and
          "auth-rejected" in open(state + "/v6doctor/" + saved[0]).read())
    check("only for its owner", os.stat(
        state + "/v6doctor/" + saved[0]).st_mode & 0o077 == 0)
    check("nothing to go on with", not os.path.exists(state + "/v6doctor/walk"))


def stopped(state):
    """Interrupted and gone on with, by --resume and by being asked."""
    t = Terminal("--as-helper", state=state)
    t.prompt()
    t.say("c")
    t.say("3")
    s = t.interrupt()
    check("interrupted", "Stopped." in s and "--resume" in s, s)
    check("not decided", t.status == 3, t.status)
    for _ in range(5):  # right when it begins to wait, too
        t = Terminal("--as-helper", state=state + "/again")
        t.prompt()
        t.interrupt()
        check("interrupted at the prompt", t.status == 3, t.status)
    kept = state + "/v6doctor/walk"
    check("kept for its owner", os.stat(kept).st_mode & 0o077 == 0)
    t = Terminal("--resume", state=state)
    s = t.prompt()
    check("resumed", "that has 2 answers" in s, s)
    check("still with a helper", "two people at a distance" in flat(s), s)
    check("asks the next", "What is the trouble?" not in s)
    t.leave()
    t = Terminal(state=state)
    s = t.prompt()
    check("offers the earlier", "was not finished" in s, s)
    s = t.say("y")
    check("goes on with it", "that has 2 answers" in s, s)
    s = t.say("e")
    s += t.end()
    check("ends with what is known", "NOT DECIDED" in s and
          "gre-size-limit" in s, s)
    open(kept, "w").write("v6doctor-walk 1\nsaid other-line\n")
    t = Terminal("--resume", state=state)
    t.end()
    check("damaged", t.status == 65 and "damaged" in t.text, t.text)
    os.unlink(kept)
    t = Terminal("--resume", state=state)
    t.end()
    check("nothing kept", t.status == 66, t.text)


def at_odds(state):
    """Answers that cannot all be true: one is taken back."""
    kept = state + "/v6doctor"
    os.makedirs(kept)
    with open(kept + "/walk", "w") as f:
        f.write("v6doctor-walk 1\nhelper\nsaid report c\n" + "".join(
            "said %s y\n" % s for s in ("other-line", "other-computer",
                                        "one-router-less", "direct-cable",
                                        "firewall-off")))
    t = Terminal("--resume", state=state)
    s = t.prompt()
    check("at odds", "do not fit together" in s, s)
    s = t.say("b")
    n = 0
    while "do not fit together" in s and n < 5:
        s, n = t.say("b"), n + 1
    check("comes to fit again", "(" in s and "at most)" in s, s)
    t.leave()


def pasted(state):
    """A text instead of an answer, line by line and as a file."""
    t = Terminal("--as-helper", "captures/text/story-1-symptom.txt",
                 state=state)
    s = t.prompt()
    check("reads the text", "From the text" in s, s)
    check_screen("look", s)
    check("wants the addresses", "Show the addresses" in s, s)
    check("none was asked yet", "(1 of 8 at most)" in s, s)
    check("says again what is known", "WHAT IS KNOWN" in t.say("w"))
    text = open("captures/text/story-2-ifconfig.txt").read()
    s = t.paste(text)
    check("understands it", "were understood" in s, s)
    check("then the routes", "Show the IPv6 routes" in s, s)
    s = t.say("captures/text/story-4-netstat.txt")
    check("reads a file", "were understood" in s, s)
    s = t.paste("p\nno line of this is known to anybody\n")
    check("leaves out what it does not know", "No line of that text" in s, s)
    s = t.paste("p\n")
    check("an empty paste", "No line of that text" in s, s)
    t.leave()


def from_report(state):
    t = Terminal("captures/traces/gre-drop-isp.pcapng.gz", state=state)
    s = t.prompt()
    check_screen("report", s)
    check("says the verdict", "There is a fault." in s, s)
    check("asks one thing", "Is another PPTP connection" in s, s)
    check_screen("then", t.say("no"))
    s = t.say("s")  # later
    check("something else first", "PPTP passthrough" not in s, s)
    s = t.say("?")
    for _ in range(9):
        if "PPTP passthrough\"" in flat(s):
            break
        s = t.say("?")
    check("comes back to what was skipped", "passthrough" in s, s)
    s = t.say("2")
    while "SAVED" not in s:
        s = t.say("?")
    s += t.end()
    check("ends", "gre-blocked" in s and t.status == 2, s)
    t = Terminal("captures/traces/gre-drop-isp.pcapng.gz", state=state)
    t.prompt()
    t.leave()
    t = Terminal("--resume", state=state)
    s = t.prompt()
    check("no checks of another place's fault", "Or r once" not in
          s + t.say("n"), s)
    t.leave()
    os.unlink(state + "/v6doctor/walk")
    t = Terminal("captures/traces/healthy.pcapng.gz", state=state)
    t.end()
    check("healthy", t.status == 0 and "NOTHING WRONG" in t.text, t.text)
    t = Terminal("/nonexistent", state=state)
    t.end()
    check("no file", t.status == 66, t.text)
    t = Terminal("-", state=state)
    t.end()
    check("standard input is for answers", t.status == 64, t.text)
    # a pipe, as the shell makes of <(ifconfig), can be read once only
    pipe = state + "/pipe"
    os.mkfifo(pipe)
    fed = subprocess.Popen(["cp", "captures/text/story-1-symptom.txt", pipe])
    t = Terminal("--as-helper", pipe, state=state)
    s = t.prompt()
    check("reads a pipe", "From the text" in s, s)
    check("and keeps it", "From the text" in t.say("c"))
    t.leave()
    fed.wait()
    t = Terminal("--resume", state=state)
    check("and goes on with it", "From the text" in t.prompt())
    t.leave()
    os.unlink(state + "/v6doctor/walk")
    t = Terminal("--fault", "gre-drop", state=state)
    t.end()
    check("fault without lab", t.status == 64, t.text)


def checks(state):
    """Its own checks in the practice network, and once more after a try."""
    t = Terminal("--lab", "--fault", "no-helper@nat2", "--save",
                 state + "/end", state=state)
    s = t.prompt()
    check_screen("checks", s)
    check("offers the checks", "Press Enter to begin" in s, s)
    s = t.say("")
    check("they ran", "The checks ran." in s, s)
    s = t.say("1")
    s += t.end()
    check("the cause", "napt-no-helper" in s and t.status == 2, s)
    check("whom to tell", "To the maker or keeper of the router" in flat(s))
    check("where it was asked to", "napt-no-helper" in open(
        state + "/end").read())
    check("the report is there", subprocess.run(
        [PROGRAM, "read", "--json", state + "/v6doctor/walk-checks.pcapng.gz"],
        capture_output=True).returncode == 2)


def checks_again(state):
    """After a try the checks themselves give the answer."""
    t = Terminal("--lab", "--fault", "one-session@nat1", state=state)
    t.prompt()
    t.say("")
    s = t.say("y")  # another session is open
    check("offers to check again", "Or r once it is done" in s, s)
    s = t.say("r")
    check("still there", "The checks still find it." in s, s)
    check("not kept", not os.path.exists(
        state + "/v6doctor/walk-again.pcapng.gz"))
    s = t.say("e")
    s += t.end()
    check("taken for a no", re.search(r"restart +No, it is the same", s), s)


def main():
    parts = [blind, stopped, at_odds, pasted, from_report]
    if os.geteuid() == 0:
        parts += [checks, checks_again]
    for part in parts:
        with tempfile.TemporaryDirectory() as state:
            try:
                part(state)
            except TimeoutError as e:
                check(part.__name__, False, "hangs: " + str(e)[-1500:])
    print("walk: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


signal.signal(signal.SIGHUP, signal.SIG_IGN)
sys.exit(main())
