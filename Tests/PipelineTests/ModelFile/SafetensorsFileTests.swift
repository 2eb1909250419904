import Pipeline
import Testing

@Suite struct SafetensorsFileTests {
  private func floats(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  private var mixed: SafetensorsFile {
    let ints: [Int32] = [-2, -1, 0, 1]
    let doubles = [-0.5, 0.5]
    return SafetensorsFile(
      metadata: ["note": "tab\t quote\" back\\slash \u{1} é"],
      tensors: [
        "b": Resource(type: .u8, shape: [5], bytes: [0, 1, 2, 3, 4]),
        "a": Resource(type: .i32, shape: [2, 2], bytes: ints.withUnsafeBytes { Array($0) }),
        "z": Resource(type: .f32, shape: [3], bytes: floats([0, 0.25, 0.5])),
        "c": Resource(type: .f64, shape: [2], bytes: doubles.withUnsafeBytes { Array($0) }),
        "é\n\"": Resource(type: .u8, shape: [0], bytes: []),
        "scalar": Resource(type: .f32, shape: [], bytes: floats([7])),
      ])
  }

  /// Goldens/safetensors_goldens.py made the digests with the reference writer.
  @Test func bytesAreThoseOfTheReferenceWriter() throws {
    let one = SafetensorsFile(
      metadata: ["format": "pt"],
      tensors: ["w": Resource(type: .f32, shape: [2, 3], bytes: floats([0, 1, 2, 3, 4, 5]))])
    let bytes = try one.bytes()
    #expect(bytes.count == 120)
    #expect(
      Digest.sha256(bytes) == "bdcb384a1ad7ff1d93e1b974fc53b4318d945bb37964fb670530eb82c84c9da8")
    let other = try mixed.bytes()
    #expect(other.count == 469)
    #expect(
      Digest.sha256(other) == "1a9c9eda34a744829dbbe4d472a65a2f20b637bbed047b879f9b0b3a8fae2e2a")
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    #expect(try SafetensorsFile.read(mixed.bytes()) == mixed)
    #expect(try SafetensorsFile.read(SafetensorsFile().bytes()) == SafetensorsFile())
  }

  @Test func wrongShapesAreNotWritten() {
    for shape in [[4], [-5], [5, 1, 1, 1, 1], [1 << 31, 1 << 31, 1 << 31], [1 << 31]] {
      let file = SafetensorsFile(tensors: [
        "t": Resource(type: .u8, shape: shape, bytes: [1, 2, 3, 4, 5])
      ])
      #expect(throws: PipelineError.self) { try file.bytes() }
    }
    for name in ["", "__metadata__", String(repeating: "n", count: 257)] {
      let file = SafetensorsFile(tensors: [name: Resource(type: .u8, shape: [0], bytes: [])])
      #expect(throws: PipelineError.self) { try file.bytes() }
    }
  }

  // MARK: - Hostile headers

  private static func file(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
      Array($0)
    }
    bytes += header.utf8
    return bytes + [UInt8](repeating: 0, count: data)
  }

  private func fault(_ bytes: [UInt8]) throws -> (place: String, problem: String) {
    let error = #expect(throws: PipelineError.self) {
      try SafetensorsFile.read(bytes, name: "m")
    }
    guard case .malformedModel("m", let place, let problem)? = error else {
      Issue.record("\(String(describing: error))")
      return ("", "")
    }
    return (place, problem)
  }

  @Test func aFileOfAFewBytesIsRefused() throws {
    for count in 0..<8 {
      let fault = try fault([UInt8](repeating: 0, count: count))
      #expect(fault.place == "length" && fault.problem.contains("only \(count) bytes"))
    }
    // Too short for the digits of a seal.
    #expect(throws: PipelineError.self) {
      try SafetensorsFile.readSealed(
        Self.file(#"{"__metadata__":{"sha256":""}}"#, data: 0), name: "m")
    }
  }

  @Test func lengthsBeyondTheFileAreRefused() throws {
    let header = #"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    _ = try SafetensorsFile.read(Self.file(header, data: 4))
    let evil: [UInt64] = [
      0, 1, 7, UInt64(header.utf8.count) + 5, 1 << 20, 1 << 20 + 1, 1 << 31, 1 << 32, 1 << 40,
      1 << 62, 1 << 63, .max,
    ]
    for length in evil {
      let found = try fault(Self.file(header, data: 4, length: length))
      #expect(["length", "header:0"].contains { found.place.hasPrefix($0.prefix(6)) })
    }
    for size in 0..<8 { #expect(try fault([UInt8](repeating: 0, count: size)).place == "length") }
  }

  @Test(arguments: [
    (#"{"t":{"dtype":"U8","shape":[5],"data_offsets":[0,4]}}"#, "t", "takes 5 bytes"),
    (#"{"t":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}"#, "t", "takes 16 bytes"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}}"#, "t", "begin at 1"),
    (#"{"t":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "t", "end at byte 3, but 4"),
    (#"{"t":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}"#, "t", "end at byte 5, but 4"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#, "t", "data_offsets must"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}"#, "t", "data_offsets must"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}"#, "t", "data_offsets must"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4.0]}}"#, "t", "data_offsets must"),
    (#"{"t":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, "t", "a dimension"),
    (#"{"t":{"dtype":"U8","shape":[2147483648],"data_offsets":[0,4]}}"#, "t", "a dimension"),
    (#"{"t":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}"#, "t", "a dimension"),
    (#"{"t":{"dtype":"U8","shape":[1,1,1,1,4],"data_offsets":[0,4]}}"#, "t", "at most 4"),
    (
      #"{"t":{"dtype":"F64","shape":[2147483647,2147483647,2],"data_offsets":[0,4]}}"#, "t",
      "too large"
    ),
    (
      #"{"t":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#, "t",
      "a dimension"
    ),
    (
      #"{"t":{"dtype":"F32","shape":[1048576,1048576],"data_offsets":[0,4398046511104]}}"#, "t",
      "end at byte 4398046511104, but 4"
    ),
    (#"{"t":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, "t", "unknown dtype \"F16\""),
    (#"{"t":{"dtype":1,"shape":[4],"data_offsets":[0,4]}}"#, "t", "dtype must be"),
    (#"{"t":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}"#, "t", "shape must be"),
    (#"{"t":{"dtype":"U8","shape":[4]}}"#, "t", "exactly dtype"),
    (#"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}}"#, "t", "exactly dtype"),
    (#"{"t":[]}"#, "t", "exactly dtype"),
    (#"{"":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "", "a name has"),
    (#"{"__metadata__":1}"#, "__metadata__", "an object"),
    (#"{"__metadata__":{"a":1}}"#, "__metadata__.a", "a text"),
    (#"{"__metadata__":{"\#u{E9}":"","e\#u{301}":""}}"#, "", "stands twice"),
    (#"[]"#, "header:0", "an object"),
    (#" {}"#, "header:0", "an object"),
    (#"{}"#, "header", "end at byte 0, but 4"),
    (
      #"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "header:53", "stands twice"
    ),
    (
      #"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""u":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "", "begin at 0, but"
    ),
    (
      #"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""u":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}"#, "u", "begin at 2, but"
    ),
    (
      #"{"\#u{E9}":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""e\#u{301}":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}"#, "", "stands twice"
    ),
  ])
  func everyCheckNamesThePlace(header: String, place: String, problem: String) throws {
    let found = try fault(Self.file(header, data: 4))
    #expect(found.problem.contains(problem), "\(found)")
    #expect(place.isEmpty || found.place == place, "\(found)")
  }

  @Test func tooManyTensorsAreRefused() throws {
    func header(_ count: Int) -> String {
      let entries = (0..<count).map {
        "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
      }
      return "{" + entries.joined(separator: ",") + "}"
    }
    #expect(try SafetensorsFile.read(Self.file(header(4096), data: 0)).tensors.count == 4096)
    #expect(try fault(Self.file(header(4097), data: 0)).problem.contains("4097 tensors"))
  }

  @Test func longNamesAreRefused() throws {
    let name = String(repeating: "n", count: 257)
    let header = "{\"\(name)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
    #expect(try fault(Self.file(header, data: 0)).problem.contains("1 to 256"))
  }
}
