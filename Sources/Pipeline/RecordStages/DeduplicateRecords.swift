internal import Crypto

/// Keeps the first of equal records, in order.
///
/// Records are compared by the first 128 bits of their SHA-256, so two that differ are never taken
/// for one. Memory: 22 to 43 bytes for each distinct record, however long it is; `limit` bounds how
/// many are remembered, and `full` says what then happens.
public struct DeduplicateRecords: Stage {
  /// What happens when `limit` distinct records are remembered and another comes.
  public enum WhenFull: String, Codable, Sendable, CaseIterable {
    /// The run fails.
    case error
    /// The one that was seen first is forgotten: of equal records at most `limit` distinct ones
    /// apart, one stays.
    case forget
  }

  public struct Options: StageOptions {
    /// How many distinct records are remembered; 0 for no limit.
    public var limit: Int
    public var full: WhenFull

    public init() { self.init(limit: 0) }
    public init(limit: Int, full: WhenFull = .error) {
      self.limit = limit
      self.full = full
    }
  }

  public static let descriptor = StageDescriptor(
    id: "records.deduplicate@1", summary: "Keep the first of equal records", input: .text,
    output: .text, isOneToOne: false,
    options: [
      OptionDescriptor("limit", "How many distinct records are remembered; 0 for no limit"),
      OptionDescriptor(
        "full", "At the limit, fail or forget the oldest",
        choices: WhenFull.allCases.map(\.rawValue)),
    ])

  /// The greatest limit: 2^31 records take 64 GiB.
  private static let greatestLimit = 1 << 31

  public let options: Options

  /// - Throws: `PipelineError.malformedOption` where the limit is not from 0 to 2^31.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    guard (0...Self.greatestLimit).contains(options.limit) else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "limit", problem: "must be from 0 to 2147483648")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    SelectingRunner(selector: Selector(options: options))
  }

  private struct Selector: RecordSelector {
    let options: Options
    private var known = DigestSet()
    /// Under `forget`, the remembered digests as a ring: the oldest stands at `oldest`.
    private var ring: [DigestSet.Digest] = []
    private var oldest = 0

    init(options: Options) { self.options = options }

    mutating func keeps(_ record: UnsafeBufferPointer<UInt8>) throws -> Bool {
      let digest = Self.digest(of: record)
      guard options.limit > 0 else { return known.insert(digest) }
      if known.contains(digest) { return false }
      if options.full == .forget {
        remember(digest)
      } else if known.count == options.limit {
        throw PipelineError.limitExceeded(
          "records.deduplicate@1: more than \(options.limit) distinct records "
            + "(raise limit, or set full to forget)")
      }
      return known.insert(digest)
    }

    private mutating func remember(_ digest: DigestSet.Digest) {
      guard ring.count == options.limit else { return ring.append(digest) }
      known.remove(ring[oldest])
      ring[oldest] = digest
      oldest = (oldest + 1) % options.limit
    }

    private static func digest(of record: UnsafeBufferPointer<UInt8>) -> DigestSet.Digest {
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(record))
      let digest = hash.finalize().withUnsafeBytes { bytes in
        DigestSet.Digest(
          low: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
          high: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      }
      return digest == .none ? DigestSet.Digest(low: 1, high: 0) : digest
    }
  }
}
