/// Suggestions for a misspelt name.
public enum Nearest {
  /// The known name with the smallest edit distance (insertions, deletions, replacements of bytes),
  /// if it is near enough to be meant; ties go to the name that sorts first by bytes.
  /// O(names x length^2).
  public static func name(to word: String, among known: [String]) -> String? {
    let candidates = known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let scored = candidates.map { (name: $0, distance: distance(word, $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, word.utf8.count / 3) ? best.name : nil
  }

  /// `(did you mean "x"? known: a, b, c)`, for the end of a message about an unknown name.
  public static func hint(for word: String, among known: [String]) -> String {
    let list = known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
    let all = known.isEmpty ? "none is known" : "known: \(list)"
    guard let nearest = name(to: word, among: known) else { return "(\(all))" }
    return "(did you mean \"\(nearest)\"? \(all))"
  }

  /// The Levenshtein distance of two strings, by bytes of their first 64.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8.prefix(64))
    let b = Array(b.utf8.prefix(64))
    var row = Array(0...b.count)
    for (i, byte) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
