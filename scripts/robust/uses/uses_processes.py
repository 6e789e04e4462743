"""Threads, processes, sockets, waiting. No import at the top: the first use is what matters."""


def threads() -> object:
    import queue
    import threading

    done: queue.Queue[int] = queue.Queue()
    simple: queue.SimpleQueue[int] = queue.SimpleQueue()
    local = threading.local()
    lock, barrier, event = threading.RLock(), threading.Barrier(3), threading.Event()

    def work(number: int) -> None:
        local.number = number
        barrier.wait(60)
        with lock, lock:
            done.put(local.number)
            simple.put(number)
        event.set()

    started = [
        threading.Thread(target=work, args=(number,), name=f"worker-{number}")
        for number in range(3)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return (
        sorted(done.get() for _ in range(3)),
        sorted(simple.get() for _ in range(3)),
        event.is_set(),
        hasattr(local, "number"),
        threading.current_thread().is_alive(),
    )


def executors() -> object:
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(3) as executor:
        futures = [executor.submit(pow, 2, n) for n in range(6)]
        failed = executor.submit(int, "x").exception()
        done = sorted(future.result() for future in concurrent.futures.as_completed(futures))
        return done, repr(failed), list(executor.map(abs, [-1, -2]))


def processes() -> object:
    import subprocess

    made = subprocess.run(["cat"], input=b"data", capture_output=True, check=True)
    failed = subprocess.run("exit 3", shell=True, check=False, env={"PATH": "/bin:/usr/bin"})
    missing = None
    try:
        subprocess.run(["/no/such/program"], check=False)
    except FileNotFoundError as error:
        missing = error.errno
    return subprocess.run(["true"], check=True).returncode, made.stdout, failed.returncode, missing


def sockets() -> object:
    import socket

    one, other = socket.socketpair()
    with one, other:
        one.settimeout(60)
        one.sendall(b"data")
        received = other.recv(10)
        socket.send_fds(one, [b"x"], [0])
        data, fds, _, _ = socket.recv_fds(other, 10, 1)
        for descriptor in fds:
            socket.close(descriptor)
        with other.makefile("rw", encoding="utf-8") as file:
            file.write("line\n")
            file.flush()
            line = one.recv(10)
    return (
        received,
        data,
        len(fds),
        line,
        socket.inet_pton(socket.AF_INET6, "::1"),
        socket.htons(1),
        socket.inet_aton("1.2.3.4"),
    )


def names_of_hosts() -> object:
    import ipaddress
    import socket

    return (
        socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM),
        socket.getaddrinfo("localhost", None, socket.AF_INET)[0][4],
        socket.getservbyname("http"),
        socket.getprotobyname("tcp"),
        socket.gethostbyname("127.0.0.1"),
        ipaddress.ip_network("10.0.0.0/30").num_addresses,
    )


def lists_of_the_system() -> object:
    import grp
    import pwd
    import socket

    # What the C library answers in static memory, more than once to be seen.
    services = [
        (socket.getservbyname(name), socket.getservbyport(port))
        for name, port in (("http", 22), ("ssh", 80), ("telnet", 443)) * 20
    ]
    protocols = [socket.getprotobyname(name) for name in ("tcp", "udp", "icmp") * 20]
    users = {tuple(pwd.getpwall()) for _ in range(20)}
    groups = {str(grp.getgrall()) for _ in range(20)}
    return services, protocols, users, groups, pwd.getpwnam("root").pw_uid, grp.getgrgid(0).gr_name


def servers() -> object:
    import socketserver
    import threading
    import urllib.request
    from http.server import BaseHTTPRequestHandler

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"answer")

        def log_message(self, *_: object) -> None:
            pass

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{server.server_address[1]}/", timeout=60) as response:
            got = response.read()
        thread.join()
    return got


def encryption() -> object:
    import ssl

    context = ssl.create_default_context()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="host")
    wanted = False
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        wanted = True
    failed = None
    try:
        server.load_cert_chain("/no/such/file")
    except FileNotFoundError as error:
        failed = error.errno
    incoming.write(b"not tls at all")
    try:
        client.do_handshake()
    except ssl.SSLError as error:
        failed = failed, error.reason
    return (
        wanted,
        failed,
        outgoing.pending > 50,
        context.verify_mode,
        len(context.get_ciphers()) > 3,
        len(ssl.RAND_bytes(5)),
        ssl.OPENSSL_VERSION_INFO[0],
    )


def selecting() -> object:
    import os
    import select
    import selectors

    reader, writer = os.pipe()
    os.write(writer, b"x")
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    with selectors.DefaultSelector() as selector, select.epoll() as epoll:
        selector.register(reader, selectors.EVENT_READ, "data")
        epoll.register(reader, select.EPOLLIN)
        got = (
            [key.data for key, _ in selector.select(5)],
            len(epoll.poll(5)),
            len(poll.poll(5000)),
            len(select.select([reader], [], [], 5)[0]),
        )
    os.close(reader)
    os.close(writer)
    return got


def environment() -> object:
    import os

    os.environ["CHAOS_USE"] = "ü"
    os.environ["TZ"] = "UTC"
    got = (
        os.environ["CHAOS_USE"],
        os.environb[b"CHAOS_USE"],
        os.path.expandvars("$CHAOS_USE/x"),
        "CHAOS_USE" in os.environ,
    )
    del os.environ["CHAOS_USE"]
    return got, os.getenv("CHAOS_USE"), len(os.environ.copy()) > 2


def scheduling() -> object:
    import sched
    import time
    import timeit

    seen: list[int] = []
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    now = time.monotonic()
    scheduler.enterabs(now + 0.002, 1, seen.append, (2,))
    scheduler.enterabs(now + 0.001, 1, seen.append, (1,))
    scheduler.run()
    return seen, timeit.timeit("pass", number=10) >= 0


def arguments() -> object:
    import argparse
    import getopt

    parser = argparse.ArgumentParser("program", exit_on_error=False)
    parser.add_argument("--number", type=int, choices=[1, 2])
    parser.add_argument("rest", nargs="*")
    return (
        parser.parse_args(["--number", "2", "a"]),
        getopt.getopt(["-a", "b"], "a"),
        parser.format_help(),
    )


def databases_of_keys() -> object:
    import dbm.dumb
    import shelve
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        with shelve.Shelf(dbm.dumb.open(f"{folder}/keys")) as shelf:
            shelf["a"] = [1, 2]
        with dbm.dumb.open(f"{folder}/keys") as keys:
            return list(keys.keys())
