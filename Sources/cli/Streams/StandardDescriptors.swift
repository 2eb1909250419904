import Glibc

/// Descriptors 0 to 2, which a program may find closed at its start.
enum StandardDescriptors {
  /// Puts something in the place of those that are closed: else the next file that is opened would
  /// get what is meant for stdout or stderr. To use one is still an error, as each is opened the
  /// wrong way round.
  static func occupy() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
