import Glibc
import Pipeline
import TestSupport
import Testing

@Suite struct StreamedFileTests {
  private func names(in folder: TemporaryFolder) -> [String] {
    guard let stream = opendir(folder.path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  @Test func theNameAppearsWithTheWholeFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("out", "old")
    do {
      let file = try StreamedFile(folder.file("out"))
      let writer = RecordWriter(descriptor: file.descriptor)
      try writer.write(Array("new".utf8))
      try writer.flush()
      #expect(try folder.read("out") == Array("old".utf8))
      try file.commit()
      try file.commit()
    }
    #expect(try folder.read("out") == Array("new".utf8))
    #expect(names(in: folder) == ["out"])
  }

  @Test func withoutACommitNothingRemains() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try StreamedFile(folder.file("out"))
      #expect(file.descriptor >= 0)
      #expect(names(in: folder).count == 1)
    }
    #expect(names(in: folder).isEmpty)
  }

  @Test func whatCannotBeMadeIsNamed() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("no/such/folder"), folder.path, "", "/dev/null"] {
      let error = #expect(throws: PipelineError.self) { try StreamedFile(path) }
      #expect(error?.category == .cannotCreate)
    }
  }
}
