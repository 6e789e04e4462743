//! Tests of the queue and of who runs what.

use crossbeam_utils::sync::Parker;

use super::*;
use crate::value::Text;

fn control() -> Control {
    let pipe = Arc::new(WakePipe::new().unwrap());
    Control::new(Parker::new().unparker().clone(), pipe)
}

fn job() -> Job {
    let task = Task::Exec {
        source: Text::from("pass"),
        filename: None,
        bind: Vec::new(),
    };
    Job {
        id: JobId::next(),
        task,
        completion: Box::new(|_| ()),
        follows: Follows::Later,
    }
}

#[test]
fn a_claimed_interpreter_is_busy_for_all_others() {
    let control = control();
    control.claim().unwrap();
    assert!(matches!(control.claim(), Err(Failure::Busy)));
    assert!(control.push(job()).is_ok());
    assert!(matches!(control.next(true), Next::Wait));
    control.finish();
    assert!(
        matches!(control.claim(), Err(Failure::Busy)),
        "a queued job goes first"
    );
    assert!(matches!(control.next(true), Next::Run(..)));
}

#[test]
fn only_a_job_that_has_not_begun_is_taken_back() {
    let control = control();
    let (first, second) = (job(), job());
    let ids = (first.id, second.id);
    assert!(control.push(first).is_ok());
    assert!(control.push(second).is_ok());
    assert!(matches!(control.next(true), Next::Run(..)));
    assert!(control.withdraw(ids.0).is_none(), "it runs");
    assert!(control.withdraw(ids.1).is_some_and(|job| job.id == ids.1));
    assert!(control.withdraw(ids.1).is_none(), "it is gone");
}

#[test]
fn a_queued_job_is_stopped_by_taking_it_out() {
    let control = control();
    let job = job();
    let id = job.id;
    assert!(control.push(job).is_ok());
    assert!(matches!(
        control.request_stop(id, Stop::Cancelled),
        StopRequest::WasQueued(_)
    ));
    assert!(matches!(
        control.request_stop(id, Stop::Cancelled),
        StopRequest::Ended
    ));
    assert_eq!(control.state(), State::Idle);
}

#[test]
fn the_first_reason_to_stop_counts_and_one_stopper_is_sent() {
    let control = control();
    let id = control.claim().unwrap();
    assert!(matches!(
        control.request_stop(id, Stop::Cancelled),
        StopRequest::SendStopper(_)
    ));
    assert!(matches!(
        control.request_stop_current(Stop::Interrupted),
        StopRequest::UnderWay
    ));
    assert_eq!(control.finish().stop, Some(Stop::Cancelled));
}

#[test]
fn a_job_that_does_not_stop_is_told_of_once() {
    let control = control();
    let job = job();
    let id = job.id;
    assert!(control.push(job).is_ok());
    assert!(matches!(control.next(true), Next::Run(..)));
    assert!(control.tell_early(id).is_empty(), "nobody asked it to stop");
    control.request_stop(id, Stop::Cancelled);
    assert_eq!(control.tell_early(id).len(), 1);
    assert!(control.tell_all().is_empty());
    assert!(control.finish().completion.is_none());
}

#[test]
fn closing_refuses_new_jobs_and_hands_the_queued_ones_over() {
    let control = control();
    assert!(control.push(job()).is_ok());
    let (queued, running) = control.begin_close().unwrap();
    assert_eq!((queued.len(), running), (1, None));
    assert!(control.push(job()).is_err());
    assert!(control.begin_close().is_none());
    assert!(matches!(control.next(true), Next::Close));
    assert!(matches!(control.claim(), Err(Failure::Closed)));
}

#[test]
fn a_worker_lingers_only_after_a_job_that_others_follow_at_once() {
    let control = control();
    let followed = || Job {
        follows: Follows::AtOnce,
        ..job()
    };
    assert!(control.push(followed()).is_ok());
    assert!(matches!(control.next(true), Next::Run(..)));
    control.finish();
    assert!(matches!(control.next(true), Next::Linger));
    assert!(!control.calls());
    assert!(control.push(followed()).is_ok());
    assert!(control.calls(), "it is called without being woken");
    assert!(matches!(control.next(false), Next::Run(..)));
    control.finish();
    assert!(matches!(control.next(true), Next::Linger));
    assert!(matches!(control.next(false), Next::Wait), "it has lingered");
    assert!(control.push(job()).is_ok());
    assert!(matches!(control.next(true), Next::Run(..)));
    control.finish();
    assert!(matches!(control.next(true), Next::Wait));
}

#[test]
fn closing_calls_a_worker_that_lingers() {
    let control = control();
    let job = Job {
        follows: Follows::AtOnce,
        ..job()
    };
    assert!(control.push(job).is_ok());
    assert!(matches!(control.next(true), Next::Run(..)));
    control.finish();
    assert!(matches!(control.next(true), Next::Linger));
    assert!(control.begin_close().is_some());
    assert!(control.calls());
    assert!(matches!(control.next(false), Next::Close));
}
