import ArgumentParser
import Glibc
import Pipeline

/// Where the process starts and ends.
@main
enum Main {
  static func main() {
    // A write to a closed pipe then returns EPIPE, which ends the run quietly.
    signal(SIGPIPE, SIG_IGN)
    // A write past the limit on the size of files returns EFBIG.
    signal(SIGXFSZ, SIG_IGN)
    StandardDescriptors.occupy()
    FreedMemory.keep()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      let line = try ConfiguredCommandLine(arguments)
      if let configuration = try line.dump() {
        return try StandardOutput.write(configuration)
      }
      var command = try line.parse()
      try command.run()
    } catch {
      exit(ErrorReport(error).print().rawValue)
    }
  }
}
