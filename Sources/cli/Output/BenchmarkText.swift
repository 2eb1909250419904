import Pipeline
import Seq

/// What a job showed, as JSON and as a row of a table.
struct BenchmarkText {
  private let job: BenchmarkJob
  private let threads: Int
  private let trained: Double
  private let read: Double
  private let operations: (all: Double, necessary: Double)
  private let peak: Double
  /// Of the first ten steps.
  private let losses: [Double]

  /// Measures.
  ///
  /// - Parameters:
  ///   - seconds: how long training and reading take each.
  ///   - peak: floating-point operations per second of large products.
  ///   - now: the time in seconds.
  /// - Throws: `SeqError`.
  init(
    _ benchmark: inout Benchmark, seconds: Double, threads: Int, peak: Double, now: () -> Double
  ) throws {
    job = benchmark.job
    (self.threads, self.peak) = (threads, peak)
    operations = try benchmark.operationsPerToken()
    let tokens = Double(job.tokens)
    // The first ten steps warm the memory too.
    losses = try (0..<10).map { _ in try benchmark.train() }
    trained =
      try Self.rate(seconds: seconds, now: now) { _ = try benchmark.train() } * tokens
    let inference = benchmark.inference()
    inference()
    read = Self.rate(seconds: seconds, now: now) { inference() } * tokens * Double(threads)
  }

  /// Calls per second.
  private static func rate(
    seconds: Double, now: () -> Double, _ body: () throws -> Void
  ) rethrows -> Double {
    let start = now()
    var (count, end) = (0, start)
    repeat {
      try body()
      count += 1
      end = now()
    } while end - start < seconds
    return Double(count) / (end - start)
  }

  /// Of the necessary arithmetic of training, as a share of the peak.
  private var share: Double { trained * operations.necessary / peak }

  var json: JSONValue {
    .object(
      JSONObject([
        ("job", .string(job.name)), ("threads", .int(threads)), ("cell", .string(job.cell)),
        ("symbols", .int(job.symbols)), ("embedding", .int(job.embedding)),
        ("hidden", .int(job.hidden)), ("layers", .int(job.layers)),
        ("batch_size", .int(job.batchSize)), ("steps", .int(job.steps)),
        ("classes", job.classes.map { .int($0) } ?? .null),
        ("trained_per_second", .double(trained.rounded())),
        ("read_per_second", .double(read.rounded())),
        ("operations_per_symbol", .double(operations.all.rounded())),
        ("necessary_operations_per_symbol", .double(operations.necessary.rounded())),
        ("peak_operations_per_second", .double(peak.rounded())),
        ("share_of_peak", .double(share)),
        ("losses", .array(losses.map { .double($0) })),
      ]))
  }

  static func table(_ reports: [BenchmarkText], peak: Double) -> String {
    let rows = reports.map { report in
      [
        report.job.name, "\(Int(report.trained))", "\(Int(report.read))",
        "\(Int((report.trained * report.operations.necessary / 1e9).rounded()))",
        Percentage.text(report.share), ReportText.figure(report.losses.first ?? .nan),
        ReportText.figure(report.losses.last ?? .nan),
      ]
    }
    let head = ["job", "trained/s", "read/s", "GFLOP/s", "of peak", "first loss", "tenth loss"]
    let threads = reports.first?.threads ?? 1
    return TextTable([head] + rows).text
      + "threads \(threads), peak \(Int((peak / 1e9).rounded())) GFLOP/s\n"
  }
}
