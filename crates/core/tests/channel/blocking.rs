//! Threads that wait: deadlines and interrupts.

use crate::support::{CAPACITIES, make, receive, until_waiting};
use multicore_python_core::channel::{
    Abandonment, Interrupt, Order, ReceiveError, Refusal, Selection, Wait,
};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

fn past() -> Wait<'static> {
    Wait::until(Instant::now())
}

fn soon() -> Wait<'static> {
    Wait::for_duration(Duration::from_millis(5))
}

#[test]
fn a_receive_times_out_and_the_channel_stays_whole() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make::<i32>(capacity);
        assert_eq!(
            receiver.receive_blocking(&past()),
            Err(ReceiveError::TimedOut)
        );
        assert_eq!(
            receiver.receive_blocking(&soon()),
            Err(ReceiveError::TimedOut)
        );
        assert!(receiver.waiters().is_empty());
        if capacity != Some(0) {
            sender.try_send(1).unwrap();
            assert_eq!(receiver.receive_blocking(&past()), Ok(1));
        }
    }
}

#[test]
fn a_send_times_out_and_keeps_its_value() {
    for capacity in [0, 1] {
        let (sender, receiver) = make(Some(capacity));
        (0..capacity).for_each(|_| sender.try_send("queued").unwrap());
        for wait in [past(), soon()] {
            let error = sender.send_blocking("late", &wait).unwrap_err();
            assert_eq!((error.value, error.reason), ("late", Refusal::TimedOut));
        }
        assert_eq!(receiver.try_receive().is_ok(), capacity == 1);
        assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
    }
}

#[test]
fn an_interrupt_stops_whoever_would_wait_until_it_is_cleared() {
    let (sender, receiver) = make(Some(1));
    let interrupt = Interrupt::new();
    interrupt.raise();
    let wait = Wait::forever().interruptible(&interrupt);
    assert_eq!(
        receiver.receive_blocking(&wait),
        Err(ReceiveError::Interrupted)
    );
    // What need not wait is done.
    sender.send_blocking(1, &wait).unwrap();
    let error = sender.send_blocking(2, &wait).unwrap_err();
    assert_eq!((error.value, error.reason), (2, Refusal::Interrupted));
    assert_eq!(receiver.receive_blocking(&wait), Ok(1));
    interrupt.clear();
    assert!(!interrupt.is_raised());
    let soon = soon().interruptible(&interrupt);
    assert_eq!(
        receiver.receive_blocking(&soon),
        Err(ReceiveError::TimedOut)
    );
}

#[test]
fn an_interrupt_wakes_every_thread_that_waits_with_it() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make::<i32>(capacity);
        let interrupt = Arc::new(Interrupt::new());
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let (receiver, interrupt) = (receiver.clone(), Arc::clone(&interrupt));
                thread::spawn(move || {
                    receiver.receive_blocking(&Wait::forever().interruptible(&interrupt))
                })
            })
            .collect();
        let bystander = thread::spawn(move || receive(&receiver));
        until_waiting(&sender, 0, 3);
        interrupt.raise();
        for thread in waiting {
            assert_eq!(thread.join().unwrap(), Err(ReceiveError::Interrupted));
        }
        until_waiting(&sender, 0, 1);
        sender.try_send(1).unwrap();
        assert_eq!(bystander.join().unwrap(), Ok(1));
    }
}

#[test]
fn raising_races_with_blocking_without_loss() {
    // Were a wake-up ever lost, this would hang.
    let (_sender, receiver) = make::<i32>(Some(1));
    let interrupt = Arc::new(Interrupt::new());
    for _ in 0..300 {
        let raiser = thread::spawn({
            let interrupt = Arc::clone(&interrupt);
            move || interrupt.raise()
        });
        let wait = Wait::forever().interruptible(&interrupt);
        assert_eq!(
            receiver.receive_blocking(&wait),
            Err(ReceiveError::Interrupted)
        );
        raiser.join().unwrap();
        interrupt.clear();
    }
}

#[test]
fn a_selection_is_abandoned_with_all_its_values() {
    let (sender, _receiver) = make(Some(0));
    let (_sender, receiver) = make(Some(1));
    let mut selection = Selection::new(Order::Fair);
    selection.send(sender.clone(), 1);
    selection.receive(receiver);
    selection.send(sender, 2);
    let abandoned = selection.wait(&soon()).unwrap_err();
    assert_eq!(abandoned.reason, Abandonment::TimedOut);
    assert_eq!(abandoned.unsent, [(0, 1), (2, 2)]);
}
