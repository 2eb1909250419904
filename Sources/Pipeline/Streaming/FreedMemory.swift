import CProcess

/// What becomes of memory that is no longer used.
public enum FreedMemory {
  /// Keeps it, up to 256 MiB, for what this process asks for next.
  ///
  /// Chunks and tensors are of like sizes throughout a run: giving their memory back to the system
  /// and asking for it again, page by page, cost a third of the time of a fast filter.
  public static func keep() { cprocess_keep_freed_memory() }
}
