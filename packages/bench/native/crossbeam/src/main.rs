//! crossbeam-channel between bare threads, as the limit. Speaks the protocol of src/host/protocol.ts.

use std::io::{BufRead, Write};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{bounded, unbounded, Receiver, Sender};

fn through(pipe: (Sender<u64>, Receiver<u64>), pairs: u64, n: u64) -> u64 {
    let (sender, receiver) = pipe;
    let share = n.div_ceil(pairs);
    thread::scope(|scope| {
        let consumers: Vec<_> = (0..pairs)
            .map(|_| scope.spawn(|| (0..share).map(|_| receiver.recv().unwrap()).sum::<u64>()))
            .collect();
        for _ in 0..pairs {
            scope.spawn(|| (0..share).for_each(|_| sender.send(7).unwrap()));
        }
        consumers.into_iter().map(|each| each.join().unwrap()).sum()
    })
}

fn round_trip(capacity: usize, n: u64) -> u64 {
    let (there_sender, there) = bounded(capacity);
    let (back_sender, back) = bounded(capacity);
    thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..n {
                back_sender.send(there.recv().unwrap() + 1).unwrap();
            }
        });
        (0..n)
            .map(|index| {
                there_sender.send(index & 63).unwrap();
                back.recv().unwrap()
            })
            .sum()
    })
}

fn run(workload: &str, n: u64) -> Option<u64> {
    Some(match workload {
        "int-rendezvous" => through(bounded(0), 1, n),
        "int-1" => through(bounded(1), 1, n),
        "int-64" => through(bounded(64), 1, n),
        "int-64-4x4" => through(bounded(64), 4, n),
        "int-unbounded" => through(unbounded(), 1, n),
        "round-trip" => round_trip(1, n),
        "round-trip-rendezvous" => round_trip(0, n),
        _ => return None,
    })
}

/// The text of a field of a flat JSON object: all that the requests need.
fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let key = format!("\"{name}\":");
    let Some(at) = line.find(&key) else { return "" };
    line[at + key.len()..]
        .trim_start_matches('"')
        .split(['"', ',', '}'])
        .next()
        .unwrap_or("")
}

fn reply(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n@bench {text}").unwrap();
    out.flush().unwrap();
}

fn main() {
    reply(r#"{"ready":true,"version":"0.5","workloads":[]}"#);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        if field(&line, "op") == "close" {
            return;
        }
        let workload = field(&line, "workload");
        let n = field(&line, "n").parse().unwrap_or(1);
        let start = Instant::now();
        match run(workload, n) {
            Some(check) => reply(&format!(
                r#"{{"seconds":{:.9},"check":{check}}}"#,
                start.elapsed().as_secs_f64()
            )),
            None => reply(&format!(r#"{{"error":"no workload {workload}"}}"#)),
        }
    }
}
