import Pipeline
import Testing

@Suite struct ResourceTests {
  /// Parts of a file are what was written, also once the file's own array is gone.
  @Test func partsOfAFileAreWhatWasWritten() throws {
    let written: [String: Resource] = [
      "a": Resource(type: .u8, shape: [5], bytes: [1, 2, 3, 4, 5]),
      "empty": Resource(type: .f64, shape: [0], bytes: []),
      "z": Resource(type: .i32, shape: [2], bytes: [9, 0, 0, 0, 8, 7, 0, 0]),
    ]
    let read = try SafetensorsFile.read(SafetensorsFile(tensors: written).bytes()).tensors
    #expect(read == written && Set(read.values) == Set(written.values))
    for (name, resource) in read {
      #expect(resource.bytes == written[name]?.bytes)
      #expect(resource.byteCount == resource.bytes.count)
      #expect(resource.withUnsafeBytes { Array($0) } == resource.bytes)
    }
  }

  @Test func aChangedPartLeavesTheFileAlone() throws {
    let tensors = ["a": Resource(type: .u8, shape: [3], bytes: [1, 2, 3])]
    let file = try SafetensorsFile.read(SafetensorsFile(tensors: tensors).bytes())
    var changed = file
    changed.tensors["a"]?.bytes[1] = 7
    #expect(changed.tensors["a"]?.bytes == [1, 7, 3])
    #expect(file.tensors == tensors && changed != file)
  }
}
