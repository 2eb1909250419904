/// Which scalars of the BMP the rules of a `CharacterMap` leave alone, whatever follows or where no
/// byte follows with which a rule could go on.
final class UnchangedScalars: Sendable {
  private enum Kind {
    static let unchanged: UInt8 = 0
    /// No rule is the scalar alone, but some begin with it.
    static let beginsRules: UInt8 = 1
    static let changed: UInt8 = 2
  }

  private let kinds: [UInt8]
  /// Whether some rule goes on with each byte value behind its first scalar.
  private let continues: [Bool]

  /// - Parameter nodes: nil where there are no rules. The first scalar of each is visited once.
  init(_ nodes: CharacterMapNodes?) {
    var visitor = Visitor()
    if let nodes { visitor.visit(nodes) }
    kinds = visitor.kinds
    continues = visitor.continues
  }

  /// The end of the run of scalars from `begin` on that stay as they are, before any space and any
  /// scalar beyond the BMP.
  @inline(__always)
  func endOfWord(from begin: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    kinds.withUnsafeBufferPointer { kinds in
      continues.withUnsafeBufferPointer { continues in
        var i = begin
        while i < text.count, text[i] < 0xF0, text[i] != 0x20 {
          let (scalar, end) = UTF8Step.scalar(at: i, in: text)
          let kind = kinds[Int(scalar)]
          if kind != Kind.unchanged {
            guard kind == Kind.beginsRules, end == text.count || !continues[Int(text[end])] else {
              break
            }
          }
          i = end
        }
        return i
      }
    }
  }

  /// Whether the space at `i` stays as it is.
  func keepsSpace(at i: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch kinds[0x20] {
    case Kind.unchanged: true
    case Kind.beginsRules: i + 1 == text.count || !continues[Int(text[i + 1])]
    default: false
    }
  }
}

extension UnchangedScalars {
  /// Visits the first scalar of every rule.
  private struct Visitor {
    var kinds = [UInt8](repeating: Kind.unchanged, count: 0x10000)
    var continues = [Bool](repeating: false, count: 256)

    mutating func visit(_ nodes: CharacterMapNodes) {
      for lead in UInt8(1)..<0xF0 {
        guard let node = nodes.child(of: nodes.root, by: lead) else { continue }
        let length = UTF8Step.length(lead)
        let bits = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
        visit(node, nodes, scalar: bits, missing: length - 1)
      }
    }

    private mutating func visit(
      _ node: (endsRule: Bool, base: Int), _ nodes: CharacterMapNodes, scalar: UInt32, missing: Int
    ) {
      guard missing == 0 else {
        // A rule that is no whole scalar changes all that begin so; there should be none.
        if node.endsRule {
          let first = Int(scalar) << (6 * missing)
          for i in first..<min(first + 1 << (6 * missing), kinds.count) { kinds[i] = Kind.changed }
          return
        }
        for byte in UInt8(0x80)...0xBF {
          guard let next = nodes.child(of: node.base, by: byte) else { continue }
          visit(next, nodes, scalar: scalar << 6 | UInt32(byte & 0x3F), missing: missing - 1)
        }
        return
      }
      guard Int(scalar) < kinds.count else { return }
      kinds[Int(scalar)] = node.endsRule ? Kind.changed : Kind.beginsRules
      if node.endsRule { return }
      for byte in UInt8(1)...255 where nodes.child(of: node.base, by: byte) != nil {
        continues[Int(byte)] = true
      }
    }
  }
}
