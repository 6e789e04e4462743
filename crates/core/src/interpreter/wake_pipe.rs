//! Waking an interpreter's thread that waits inside its asyncio loop: a byte through a pair of
//! sockets, whose other end the loop watches. Needs no GIL and no thread state.

use std::io::{ErrorKind, Read, Write};

#[cfg(windows)]
use std::net::{TcpListener as Listener, TcpStream as Stream};
#[cfg(unix)]
use std::os::unix::net::UnixStream as Stream;

/// Both ends. The loop watches [`WakePipe::watched`]; [`WakePipe::wake`] makes it readable.
#[derive(Debug)]
pub(super) struct WakePipe {
    read: Stream,
    write: Stream,
}

impl WakePipe {
    pub(super) fn new() -> std::io::Result<Self> {
        let (read, write) = pair()?;
        read.set_nonblocking(true)?;
        write.set_nonblocking(true)?;
        Ok(Self { read, write })
    }

    /// The descriptor to watch.
    pub(super) fn watched(&self) -> i64 {
        #[cfg(unix)]
        return std::os::fd::AsRawFd::as_raw_fd(&self.read).into();
        #[cfg(windows)]
        return std::os::windows::io::AsRawSocket::as_raw_socket(&self.read) as i64;
    }

    /// Makes the watched end readable. A full pipe is readable already.
    pub(super) fn wake(&self) {
        let _ = (&self.write).write(&[1]);
    }

    /// Takes out what was written.
    pub(super) fn drain(&self) {
        let mut bytes = [0; 64];
        loop {
            match (&self.read).read(&mut bytes) {
                Ok(64) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }
}

#[cfg(unix)]
fn pair() -> std::io::Result<(Stream, Stream)> {
    Stream::pair()
}

/// Windows has no socket pairs: a connection over loopback, as Python's own `socket.socketpair`.
#[cfg(windows)]
fn pair() -> std::io::Result<(Stream, Stream)> {
    let listener = Listener::bind(("127.0.0.1", 0))?;
    let write = Stream::connect(listener.local_addr()?)?;
    loop {
        let (read, from) = listener.accept()?;
        // Another process may have connected first.
        if from == write.local_addr()? {
            write.set_nodelay(true)?;
            return Ok((read, write));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waking_often_is_one_readable_end() {
        let pipe = WakePipe::new().unwrap();
        (0..100_000).for_each(|_| pipe.wake());
        pipe.drain();
        let empty = (&pipe.read).read(&mut [0]).unwrap_err();
        assert_eq!(empty.kind(), ErrorKind::WouldBlock);
        pipe.wake();
        assert_eq!((&pipe.read).read(&mut [0]).unwrap(), 1);
    }
}
