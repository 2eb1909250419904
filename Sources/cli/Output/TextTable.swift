import Pipeline

/// Rows of words in columns of equal width: the first column to the left, numbers to the right.
struct TextTable {
  private let rows: [[String]]
  private let numbersRight: Bool

  init(_ rows: [[String]], numbersRight: Bool = true) {
    self.numbersRight = numbersRight
    self.rows = rows.map { $0.map { Escaping.printable($0, limit: 1 << 16) } }
  }

  /// The lines, each with its line end and without spaces before it.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.reduce("") { text, row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return numbersRight && isNumber(cell) ? space + cell : cell + space
      }
      var line = cells.joined(separator: "  ")[...]
      while line.last == " " { line.removeLast() }
      return text + line + "\n"
    }
  }

  private func isNumber(_ cell: String) -> Bool {
    guard let first = cell.utf8.first else { return false }
    return (0x30...0x39).contains(first) || first == UInt8(ascii: "-")
  }
}
