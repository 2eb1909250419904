/// Reads columns of numbers from CSV (RFC 4180), whole, into memory.
///
/// A column is asked for by its name in the first row or by its number from 1. The first row is a
/// header where a name is asked for, or where one of the numbered columns holds no number in it.
public enum SeriesReader {
  /// - Parameter columns: those to read, in this order; empty for the only one.
  /// - Throws: `PipelineError.malformedLabelled` naming file and line for a missing column, an empty
  ///   field, or one that is no finite number; what `RecordReader` throws.
  public static func read(
    _ path: String, columns asked: [String] = [], options: RecordOptions = RecordOptions()
  ) throws -> Series {
    let bytes = try RecordReader.text(of: path, options: options)
    var reader = CSVReader(bytes[...])
    func fault(_ line: Int, _ problem: String) -> PipelineError {
      .malformedLabelled(file: path, line: line, problem: problem)
    }
    do {
      guard let first = try reader.next() else { throw fault(1, "there is no row") }
      let header = first.fields.map { String(decoding: $0, as: UTF8.self) }
      let columns = try self.columns(asked, header) { fault(first.line, $0) }
      let isNamed = asked.contains { Int($0) == nil }
      let hasHeader = isNamed || columns.contains { number(first.fields[$0]) == nil }
      var values: [Double] = []
      var row = hasHeader ? try reader.next() : first
      while let fields = row?.fields, let line = row?.line {
        guard fields.count == header.count else {
          throw fault(line, "\(fields.count) fields, where the first row has \(header.count)")
        }
        for column in columns {
          guard let value = number(fields[column]) else {
            let name = hasHeader ? "\"\(Escaping.printable(header[column]))\"" : "\(column + 1)"
            throw fault(
              line,
              fields[column].isEmpty
                ? "column \(name) is empty (a series has a number in every row)"
                : "'\(Escaping.printable(fields[column], limit: 40))' in column \(name) is no number"
            )
          }
          values.append(value)
        }
        row = try reader.next()
      }
      return Series(columns: asked.isEmpty ? ["1"] : asked, values: values)
    } catch let error as CSVReader.Fault {
      throw fault(error.line, error.reason)
    }
  }

  /// The places of the columns asked for.
  private static func columns(
    _ asked: [String], _ header: [String], fault: (String) -> PipelineError
  ) throws -> [Int] {
    let known = header.map { Escaping.printable($0) }
    guard !asked.isEmpty || header.count == 1 else {
      throw fault(
        "there are \(header.count) columns (--column says which: \(known.joined(separator: ", ")))")
    }
    return try (asked.isEmpty ? ["1"] : asked).map { name in
      if let number = Int(name) {
        guard header.indices.contains(number - 1) else {
          throw fault("there is no column \(number): there are \(header.count)")
        }
        return number - 1
      }
      guard let place = header.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw fault(
          "there is no column \"\(Escaping.printable(name))\" "
            + Nearest.hint(for: name, among: known))
      }
      return place
    }
  }

  /// A finite number with spaces around it, or `nil`.
  private static func number(_ field: [UInt8]) -> Double? {
    let words = String(decoding: field, as: UTF8.self).split { $0 == " " || $0 == "\t" }
    guard words.count == 1, let value = Double(words[0]), value.isFinite else { return nil }
    return value
  }
}
