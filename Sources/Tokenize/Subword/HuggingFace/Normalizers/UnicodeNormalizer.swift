import CICU

/// `NFC`, `NFD`, `NFKC`, `NFKD`.
///
/// Without offsets ICU normalises the whole text. With offsets the algorithm of UAX #15 runs scalar
/// by scalar, because the library's alignment follows from its steps: every scalar of a
/// decomposition after the first is added, and a composition removes what it takes in.
struct UnicodeNormalizer: TextNormalizer {
  let form: NormalForm

  private var composes: Bool { form == .nfc || form == .nfkc }

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    guard let number = form.number, !text.isASCII else { return }
    guard text.tracksOffsets else {
      try text.bytes.withUnsafeBufferPointer { try context.record.normalize($0, to: number) }
      text.bytes.removeAll(keepingCapacity: true)
      context.record.withBytes { text.bytes.append(contentsOf: $0) }
      return
    }
    let decomposed = decompose(text, composes ? (form == .nfc ? .nfd : .nfkd) : form)
    context.output.transform(text, by: composes ? Self.compose(decomposed) : decomposed.map(\.item))
    swap(&text, &context.output)
  }

  private struct Marked {
    var item: ScalarChange
    var combiningClass: UInt8
  }

  /// The full decomposition, in canonical order.
  private func decompose(_ text: borrowing AlignedText, _ form: NormalForm) -> [Marked] {
    var result: [Marked] = []
    var pending = 0
    var room = [UInt32](repeating: 0, count: 32)
    let number = form.number ?? 0
    let append = { (scalar: UInt32, change: Int) in
      let item = Marked(
        item: ScalarChange(scalar: scalar, change: change),
        combiningClass: scalar < 0x300 ? 0 : cicu_combining_class(scalar))
      if item.combiningClass == 0 {
        Self.sort(&result, from: pending)
        pending = result.count + 1
      }
      result.append(item)
    }
    var i = 0
    while i < text.bytes.count {
      let (scalar, end) = text.bytes.withUnsafeBufferPointer { UTF8Step.scalar(at: i, in: $0) }
      let count = scalar < 0xA0 ? 0 : Int(cicu_decompose(number, scalar, &room))
      if count == 0 { append(scalar, 0) }
      for k in 0..<count { append(room[k], k == 0 ? 0 : 1) }
      i = end
    }
    Self.sort(&result, from: pending)
    return result
  }

  /// Puts the marks from `start` on into the order of their classes, equal ones as they stand.
  private static func sort(_ items: inout [Marked], from start: Int) {
    guard items.count - start > 1 else { return }
    let sorted = items[start...].enumerated().sorted {
      ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
    }
    for (k, item) in sorted.enumerated() { items[start + k] = item.element }
  }

  /// Canonical composition (UAX #15, D117).
  private static func compose(_ items: [Marked]) -> [ScalarChange] {
    var result: [ScalarChange] = []
    result.reserveCapacity(items.count)
    var starter = -1
    var lastClass = -1
    for marked in items {
      let (item, ccc) = (marked.item, Int(marked.combiningClass))
      if starter >= 0, lastClass < ccc {
        let composite = cicu_compose(result[starter].scalar, item.scalar)
        if composite != 0 {
          result[starter].scalar = composite
          result[starter].change += item.change - 1
          continue
        }
      }
      if ccc == 0 {
        starter = result.count
        lastClass = -1
      } else {
        lastClass = ccc
      }
      result.append(item)
    }
    return result
  }
}
