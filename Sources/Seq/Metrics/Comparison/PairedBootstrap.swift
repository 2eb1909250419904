/// Compares two models on the same records by the paired bootstrap (Efron and Tibshirani, 1993,
/// chapters 13 and 16; Koehn, 2004).
///
/// A resample draws N of the N records with replacement and takes both models' figures on them, so
/// that records which are hard for both do not blur the difference. With the differences d_r of R
/// resamples, the 95 % interval is from their 2.5 % to their 97.5 % quantile, and the two-sided p is
/// 2 (min(#{d_r ≤ 0}, #{d_r ≥ 0}) + 1) / (R + 1), at most 1: never 0, for R resamples cannot show
/// that.
public struct PairedBootstrap: Sendable, Hashable {
  /// R.
  public let resamples: Int
  public let seed: UInt64
  private let threads: Int

  /// - Throws: `SeqError.invalidOption` where R is not from 1 to 10,000,000.
  public init(resamples: Int = 10_000, seed: UInt64 = 1, threads: Int = 1) throws {
    guard (1...10_000_000).contains(resamples) else {
      throw SeqError.invalidOption(
        name: "resamples", value: "\(resamples)", reason: "must be from 1 to 10000000")
    }
    self.resamples = resamples
    self.seed = seed
    self.threads = max(1, threads)
  }

  /// The difference of each figure; the same at any number of threads. O(R N).
  /// - Throws: `SeqError.unusableData` where there is no record.
  public func differences<Figures: PairedFigures>(of figures: Figures) throws -> [PairedDifference]
  {
    guard figures.count > 0 else { throw SeqError.unusableData("there is no record to compare on") }
    let whole = figures.values(of: Array(0..<Int32(figures.count)))
    let resampled = Slots(resamples) { _ in [Double]() }
    WorkerPool(threads: threads).run(resamples) { number in
      let (a, b) = figures.values(of: records(of: number, count: figures.count))
      resampled[number] = zip(a, b).map { $1 - $0 }
    }
    return Figures.names.enumerated().map { i, figure in
      PairedDifference(
        figure, a: whole.a[i], b: whole.b[i],
        resampled: (0..<resamples).map { resampled[$0][i] })
    }
  }

  /// The records of a resample: a function of (seed, its number), of nothing else. A record's
  /// probability is 1 / N but for at most 2^-64.
  private func records(of number: Int, count: Int) -> [Int32] {
    var random = RandomGenerator(seed: seed, stream: UInt64(number), 0x7265_7361_6d70)
    return (0..<count).map { _ in
      Int32(random.next().multipliedFullWidth(by: UInt64(count)).high)
    }
  }
}
