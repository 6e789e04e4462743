"""A key-value server over Listener and Client, with a key, and clients in processes."""

from multicore.compat import AuthenticationError, Process
from multicore.compat.connection import Client, Listener, wait
import threading


def client(address, name, results):
    with Client(address, authkey=b"secret") as connection:
        connection.send(("set", name, len(name)))
        assert connection.recv() == "ok"
        connection.send(("get", name))
        results.send((name, connection.recv()))
        connection.send(("bye",))
    results.close()


def serve(listener, sessions):
    store, open_ones = {}, []
    for _ in range(sessions):
        open_ones.append(listener.accept())
    while open_ones:
        for connection in wait(open_ones):
            try:
                command, *arguments = connection.recv()
            except EOFError:
                open_ones.remove(connection)
                continue
            if command == "set":
                store[arguments[0]] = arguments[1]
                connection.send("ok")
            elif command == "get":
                connection.send(store.get(arguments[0]))
            else:
                connection.close()
                open_ones.remove(connection)


def main():
    from multicore.compat import Pipe

    with Listener(("localhost", 0), authkey=b"secret") as listener:
        names, pipes, processes = ["ann", "robert", "li"], [], []
        for name in names:
            receive, send = Pipe(duplex=False)
            pipes.append(receive)
            processes.append(Process(target=client, args=(listener.address, name, send)))
            processes[-1].start()
            send.close()
        server = threading.Thread(target=serve, args=(listener, len(names)))
        server.start()
        print(sorted(pipe.recv() for pipe in pipes))
        server.join()
        for process in processes:
            process.join()
        refused = []

        def intrude():
            try:
                Client(listener.address, authkey=b"guess")
            except AuthenticationError as error:
                refused.append(type(error).__name__)

        intruder = threading.Thread(target=intrude)
        intruder.start()
        try:
            listener.accept()
        except AuthenticationError:
            print("denied")
        intruder.join()
        print(refused)


if __name__ == "__main__":
    main()
