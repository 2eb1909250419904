public import ArgumentParser
import Glibc
public import Pipeline

extension StreamOptions {
  /// What ends a record, in and out.
  var delimiter: UInt8 { nullDelimited ? 0 : 0x0A }

  /// Whether a line is wanted as soon as it is known.
  var isInteractive: Bool {
    lineBuffered || maxLatency != nil || isatty(STDOUT_FILENO) == 1
  }

  /// The options of the record reader.
  var recordOptions: RecordOptions {
    var options = RecordOptions()
    options.delimiter = nullDelimited ? .nul : .newline
    options.keepsCarriageReturn = keepCR
    options.invalid = invalid
    options.maximumRecord = maxRecord.bytes
    if let maxLatency, !lineBuffered {
      options.maximumLatency = UInt64(maxLatency.milliseconds) &* 1_000_000
    } else if isInteractive {
      options.maximumLatency = 0
    }
    return options
  }
}

extension RecordOptions.InvalidPolicy: ExpressibleByArgument {}
