public import Pipeline

/// A payload whose records can be looked at one by one: what laws about chunks need.
public protocol Cuttable: Payload {
  /// All that the payload says of one record, wherever it stands in its chunk.
  associatedtype Record: Hashable & Sendable

  func record(_ i: Int) -> Record
  /// A chunk of the given records alone.
  func cut(_ records: Range<Int>) -> Self
}

extension Cuttable {
  public var records: [Record] { (0..<count).map(record) }
}

extension TextChunk: Cuttable {
  public struct Record: Hashable, Sendable {
    public let bytes: [UInt8]
    public let starts: [UInt32]?
    public let ends: [UInt32]?
  }

  public func record(_ i: Int) -> Record {
    Record(
      bytes: Array(bytes[range(i)]), starts: alignment.map { Array($0.starts[range(i)]) },
      ends: alignment.map { Array($0.ends[range(i)]) })
  }

  public func cut(_ records: Range<Int>) -> TextChunk {
    var result = TextChunk(alignment: alignment.map { _ in Alignment() })
    for i in records {
      result.append(bytes[range(i)])
      guard let alignment else { continue }
      result.alignment?.starts += alignment.starts[range(i)]
      result.alignment?.ends += alignment.ends[range(i)]
    }
    return result
  }
}

extension TokenChunk: Cuttable {
  public struct Record: Hashable, Sendable {
    public let tokens: [[UInt8]]
    public let spans: [Range<UInt32>]?
    public let features: [Int32]?
    public let spelling: [[Int32]]?
  }

  public func record(_ i: Int) -> Record {
    Record(
      tokens: tokens(i).map { Array(token($0)) }, spans: spans.map { Array($0[tokens(i)]) },
      features: features.map { Array($0.ids[$0.range(i)]) },
      spelling: spelling?.words(tokens(i)))
  }

  public func cut(_ records: Range<Int>) -> TokenChunk {
    var result = TokenChunk(
      spans: spans.map { _ in [] }, features: features?.cut(records),
      spelling: spelling?.cut(records.flatMap(tokens)))
    for i in records {
      for token in tokens(i) {
        result.starts.append(UInt32(result.bytes.count))
        result.bytes += self.token(token)
        result.ends.append(UInt32(result.bytes.count))
        if let spans { result.spans?.append(spans[token]) }
      }
      result.recordEnds.append(UInt32(result.starts.count))
    }
    return result
  }
}

extension IDChunk: Cuttable {
  public struct Record: Hashable, Sendable {
    public let ids: [Int32]
    public let features: [Int32]?
    public let spelling: [[Int32]]?
  }

  public func record(_ i: Int) -> Record {
    Record(
      ids: Array(ids[range(i)]), features: features.map { Array($0.ids[$0.range(i)]) },
      spelling: spelling?.words(range(i)))
  }

  public func cut(_ records: Range<Int>) -> IDChunk {
    var result = IDChunk(
      features: features?.cut(records), spelling: spelling?.cut(records.flatMap(range)))
    for i in records {
      result.ids += ids[range(i)]
      result.recordEnds.append(UInt32(result.ids.count))
    }
    return result
  }
}

extension NumberChunk: Cuttable {
  public func record(_ i: Int) -> [Double] { Array(numbers(i)) }

  public func cut(_ records: Range<Int>) -> NumberChunk {
    var result = NumberChunk(width: width)
    for i in records {
      result.values += numbers(i)
      result.recordEnds.append(UInt32(result.values.count / width))
    }
    return result
  }
}

extension TagChunk: Cuttable {
  public func record(_ i: Int) -> [String] { strings(i) }

  public func cut(_ records: Range<Int>) -> TagChunk {
    var result = TagChunk(labels: labels)
    for i in records {
      result.tags += tags[range(i)]
      result.recordEnds.append(UInt32(result.tags.count))
    }
    return result
  }
}

extension Spelling {
  fileprivate func words(_ tokens: Range<Int>) -> [[Int32]] { tokens.map { Array(ids[range($0)]) } }

  fileprivate func cut(_ tokens: [Int]) -> Spelling {
    var result = Spelling()
    for token in tokens {
      result.ids += ids[range(token)]
      result.tokenEnds.append(UInt32(result.ids.count))
    }
    return result
  }
}

extension FeatureBags {
  fileprivate func cut(_ records: Range<Int>) -> FeatureBags {
    var result = FeatureBags()
    for i in records {
      result.ids += ids[range(i)]
      result.recordEnds.append(UInt32(result.ids.count))
    }
    return result
  }
}

extension ImageChunk: Cuttable {
  public func record(_ i: Int) -> [UInt8] { Array(self[i]) }

  public func cut(_ records: Range<Int>) -> ImageChunk { images(records) }
}

extension PredictionChunk: Cuttable {
  public func record(_ i: Int) -> [Float] { Array(row(i)) }

  public func cut(_ records: Range<Int>) -> PredictionChunk {
    PredictionChunk(labels: labels, logProbabilities: records.flatMap { row($0) })
  }
}
