import Pipeline

/// What a SentencePiece model file says, as far as encoding needs it: the fields of
/// `sentencepiece_model.proto` with their numbers and defaults.
struct SentencePieceFile {
  enum PieceType: UInt64 {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  struct Piece {
    var text: [UInt8] = []
    var score: Float = 0
    var type = PieceType.normal
  }

  enum ModelType: UInt64 {
    case unigram = 1
    case bpe, word, character
  }

  var pieces: [Piece] = []
  var modelType = ModelType.unigram
  var fallsBackToBytes = false
  var spaceIsSuffix = false
  var characterMap: [UInt8] = []
  var addsPrefix = true
  var removesExtraSpaces = true
  var escapesSpaces = true

  /// - Throws: `TokenizeError.malformedTokenizer`, with the byte offset.
  init(_ bytes: [UInt8], file: String) throws {
    do {
      try bytes.withUnsafeBufferPointer { try read($0) }
    } catch let fault as ProtobufReader.Fault {
      throw TokenizeError.malformedTokenizer(
        file: file, path: "byte \(fault.offset)",
        problem: "\(fault.problem) (not a SentencePiece model)")
    }
    guard !pieces.isEmpty else {
      throw TokenizeError.malformedTokenizer(
        file: file, path: "pieces", problem: "there is none (not a SentencePiece model)")
    }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProtobufReader.Fault) {
    var reader = ProtobufReader(bytes, 0..<bytes.count)
    while let (field, value) = try reader.next() {
      guard case .bytes(let range) = value else { continue }
      switch field {
      case 1: pieces.append(try Self.piece(bytes, range))
      case 2: try readTrainer(bytes, range)
      case 3: try readNormalizer(bytes, range)
      default: break
      }
    }
  }

  private static func piece(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(ProtobufReader.Fault) -> Piece {
    var piece = Piece()
    var reader = ProtobufReader(bytes, range)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let text)):
        piece.text = Array(bytes[text])
        guard !piece.text.isEmpty, piece.text.withUnsafeBufferPointer(UTF8Check.isWellFormed) else {
          throw ProtobufReader.Fault(offset: text.lowerBound, problem: "a piece is not text")
        }
      case (2, .fixed32(let bits)):
        piece.score = Float(bitPattern: bits)
        guard piece.score.isFinite else {
          throw ProtobufReader.Fault(offset: reader.offset, problem: "a score is not finite")
        }
      case (3, .varint(let number)):
        guard let type = PieceType(rawValue: number) else {
          throw ProtobufReader.Fault(
            offset: reader.offset, problem: "type \(number) of a piece is unknown")
        }
        piece.type = type
      default: break
      }
    }
    return piece
  }

  private mutating func readTrainer(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(ProtobufReader.Fault) {
    var reader = ProtobufReader(bytes, range)
    while let (field, value) = try reader.next() {
      guard case .varint(let number) = value else { continue }
      switch field {
      case 3:
        guard let type = ModelType(rawValue: number) else {
          throw ProtobufReader.Fault(
            offset: reader.offset, problem: "type \(number) of the model is unknown")
        }
        modelType = type
      case 24: spaceIsSuffix = number != 0
      case 35: fallsBackToBytes = number != 0
      default: break
      }
    }
  }

  private mutating func readNormalizer(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(ProtobufReader.Fault) {
    var reader = ProtobufReader(bytes, range)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (2, .bytes(let map)): characterMap = Array(bytes[map])
      case (3, .varint(let number)): addsPrefix = number != 0
      case (4, .varint(let number)): removesExtraSpaces = number != 0
      case (5, .varint(let number)): escapesSpaces = number != 0
      default: break
      }
    }
  }
}
