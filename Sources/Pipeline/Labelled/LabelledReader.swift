import Glibc

/// Reads labelled data, whole, into memory.
///
/// The rules of `RecordReader` hold for bytes and lines. Empty lines are passed over: they are no
/// record, for they have no label.
public struct LabelledReader {
  private let options: LabelledOptions
  private var builder = LabelledDatasetBuilder()

  /// Reads all paths, in order; `-` is standard input.
  ///
  /// Complexity: O(bytes), in time and in memory.
  /// - Throws: `PipelineError.malformedLabelled` naming file and line; what `RecordReader` throws.
  public static func read(
    _ paths: [String], options: LabelledOptions = LabelledOptions()
  ) throws -> LabelledDataset {
    var reader = LabelledReader(options: options)
    for path in paths { try reader.add(path) }
    return reader.builder.build()
  }

  private init(options: LabelledOptions) { self.options = options }

  private mutating func add(_ path: String) throws {
    switch options.format ?? Self.format(of: path) {
    case .tsv: try forEachLine(path) { try $0.addTSV($1) }
    case .jsonl: try forEachLine(path) { try $0.addObject($1) }
    case .csv: try addCSV(path)
    case .folder: try addFolder(path)
    }
  }

  private static func format(of path: String) -> LabelledFormat {
    var status = stat()
    if path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return .folder }
    if path.hasSuffix(".csv") { return .csv }
    let isJSON = [".jsonl", ".ndjson", ".json"].contains { path.hasSuffix($0) }
    return isJSON ? .jsonl : .tsv
  }

  /// One line that is not empty.
  private struct Line {
    var bytes: ArraySlice<UInt8>
    var file: String
    var number: Int
  }

  private mutating func forEachLine(
    _ path: String, _ body: (inout LabelledReader, Line) throws -> Void
  ) throws {
    let reader = try RecordReader(files: [path], options: options.records)
    while let chunk = try reader.next() {
      for i in 0..<chunk.count where !chunk.text.range(i).isEmpty {
        let line = Line(
          bytes: chunk.text.bytes[chunk.text.range(i)], file: chunk.file,
          number: chunk.firstRecord + i)
        try body(&self, line)
      }
    }
  }

  // MARK: - TSV

  private mutating func addTSV(_ line: Line) throws {
    guard let tab = line.bytes.firstIndex(of: UInt8(ascii: "\t")) else {
      throw fault(line, "a line without a tab (a line is: label, tab, text)")
    }
    try add(label: line.bytes[..<tab], text: line.bytes[(tab + 1)...], at: line)
  }

  // MARK: - JSON lines

  private mutating func addObject(_ line: Line) throws {
    let value: JSONValue
    do {
      value = try JSONParser.parse(line.bytes, maximumSize: options.records.maximumRecord)
    } catch PipelineError.malformedJSON(let offset, let problem) {
      throw fault(line, "byte \(offset + 1): \(problem)")
    }
    guard let object = value.objectValue else {
      throw fault(line, "is not a JSON object")
    }
    let label = try member(options.labelColumn, of: object, line)
    let text = try member(options.textColumn, of: object, line)
    try add(label: label, text: text, at: line)
  }

  private func member(_ key: String, of object: JSONObject, _ line: Line) throws -> [UInt8] {
    switch object[key] {
    case .string(let text): return Array(text.utf8)
    case .int(let number): return Array("\(number)".utf8)
    case nil:
      throw fault(
        line,
        "the object has no member \"\(Escaping.printable(key))\" "
          + "(--label-column and --text-column name the members)")
    default:
      throw fault(line, "member \"\(Escaping.printable(key))\" is not a text")
    }
  }

  // MARK: - CSV

  private mutating func addCSV(_ path: String) throws {
    let bytes = try RecordReader.text(of: path, options: options.records)
    var reader = CSVReader(bytes[...])
    do {
      guard let first = try reader.next() else { return }
      let columns = try self.columns(first, path)
      if !columns.hasHeader { try add(first, columns, path) }
      while let row = try reader.next() { try add(row, columns, path) }
    } catch let fault as CSVReader.Fault {
      throw PipelineError.malformedLabelled(file: path, line: fault.line, problem: fault.reason)
    }
  }

  private struct Columns {
    var label: Int
    var text: Int
    var count: Int
    var hasHeader: Bool
  }

  private func columns(_ first: CSVReader.Row, _ path: String) throws -> Columns {
    let names = first.fields.map { String(decoding: $0, as: UTF8.self) }
    let asked = [options.labelColumn, options.textColumn]
    if let label = Int(asked[0]), let text = Int(asked[1]) {
      for (column, name) in [(label, "label"), (text, "text")]
      where !(1...names.count).contains(column) {
        throw PipelineError.malformedLabelled(
          file: path, line: first.line,
          problem: "no column \(column) for the \(name): there are \(names.count)")
      }
      return Columns(label: label - 1, text: text - 1, count: names.count, hasHeader: false)
    }
    let places = try asked.map { name in
      guard let place = names.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw PipelineError.malformedLabelled(
          file: path, line: first.line,
          problem: "no column \"\(Escaping.printable(name))\" "
            + Nearest.hint(for: name, among: names.map { Escaping.printable($0) }))
      }
      return place
    }
    return Columns(label: places[0], text: places[1], count: names.count, hasHeader: true)
  }

  private mutating func add(_ row: CSVReader.Row, _ columns: Columns, _ path: String) throws {
    let line = Line(bytes: [], file: path, number: row.line)
    guard row.fields.count == columns.count else {
      throw fault(line, "\(row.fields.count) fields, where the first row has \(columns.count)")
    }
    try add(label: row.fields[columns.label], text: row.fields[columns.text], at: line)
  }

  // MARK: - Folders

  private mutating func addFolder(_ path: String) throws {
    guard let folder = opendir(path) else {
      throw PipelineError.cannotOpen(file: path, code: errno)
    }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(folder)
    // The system lists a folder in an order of its own.
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let file = path + (path.hasSuffix("/") ? "" : "/") + name
      guard Self.format(of: file) != .folder else { continue }
      let stem = name.split(separator: ".", omittingEmptySubsequences: false).dropLast()
      let label = Array((stem.isEmpty ? name : stem.joined(separator: ".")).utf8)
      try forEachLine(file) { try $0.add(label: label, text: $1.bytes, at: $1) }
    }
  }

  // MARK: - Records

  private mutating func add(
    label: some Collection<UInt8>, text: some Collection<UInt8>, at line: Line
  ) throws {
    guard !label.isEmpty else { throw fault(line, "the label is empty") }
    guard !label.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw fault(line, "the label holds a control character")
    }
    guard builder.hasRoom(for: text.count) else {
      throw fault(line, "the data are larger than 4 GiB of text (train on a part of them)")
    }
    builder.add(label: label, text: text)
  }

  private func fault(_ line: Line, _ problem: String) -> PipelineError {
    .malformedLabelled(file: line.file, line: line.number, problem: problem)
  }
}
