"""A bank with a manager: shared dict and list, a lock, a namespace, a registered class."""

from multicore.compat import Manager, Process
from multicore.compat.managers import BaseManager


class Account:
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposit something")
        self.balance += amount
        return self.balance

    def get_balance(self):
        return self.balance


class Bank(BaseManager):
    pass


Bank.register("Account", Account)


def transfer(ledger, log, lock, source, target, amount):
    with lock:
        ledger[source] -= amount
        ledger[target] += amount
        log.append((source, target, amount))


def pay(account, times):
    for _ in range(times):
        account.deposit(1)


def main():
    with Manager() as manager:
        ledger = manager.dict(alice=100, bob=50)
        log, lock, config = manager.list(), manager.Lock(), manager.Namespace()
        config.currency = "EUR"
        moves = [("alice", "bob", 30), ("bob", "alice", 5), ("alice", "bob", 1)]
        processes = [Process(target=transfer, args=(ledger, log, lock, *move)) for move in moves]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(dict(ledger.items()), sorted(log), config.currency)
        nested = manager.dict(scores=manager.list([1, 2]))
        nested["scores"].append(3)
        print(list(nested["scores"]), len(nested), "scores" in nested)
    with Bank() as bank:
        account = bank.Account("carol", balance=1)
        payers = [Process(target=pay, args=(account, 10)) for _ in range(3)]
        for process in payers:
            process.start()
        for process in payers:
            process.join()
        print(account.get_balance())
        try:
            account.deposit(0)
        except ValueError as error:
            print(error)


if __name__ == "__main__":
    main()
