extension Resource {
  /// The index of the first element that is NaN or infinite. O(elements).
  package var firstNonFinite: Int? {
    switch type {
    case .u8, .i32, .i64: nil
    case .f32: firstIndex(of: UInt32.self, exponent: Float.infinity.bitPattern)
    case .f64: firstIndex(of: UInt64.self, exponent: Double.infinity.bitPattern)
    }
  }

  /// A float is not finite where all bits of its exponent are set.
  private func firstIndex<Bits: FixedWidthInteger>(of: Bits.Type, exponent: Bits) -> Int? {
    withUnsafeBytes { bytes in
      let values = bytes.count / MemoryLayout<Bits>.size
      var isFinite = true
      for i in 0..<values {
        let bits = bytes.loadUnaligned(
          fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
        // No early exit: a loop without one is vectorised.
        isFinite = isFinite && Bits(littleEndian: bits) & exponent != exponent
      }
      if isFinite { return nil }
      return (0..<values).first { i in
        let bits = bytes.loadUnaligned(
          fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
        return Bits(littleEndian: bits) & exponent == exponent
      }
    }
  }
}
