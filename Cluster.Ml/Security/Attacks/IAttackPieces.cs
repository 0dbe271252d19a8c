namespace Cluster.Ml.Security.Attacks;

/// <summary>An attack, cut into pieces that can be computed anywhere, side by side and in any order.</summary>
/// <remarks>
/// Purity       a piece's bytes are a function of the attack, its target, its settings and the piece's index: not of the thread, of the
///              process, or of how often it is computed. Pieces may be computed at once by several threads
/// Determinism  the report is a function of the pieces' bytes in the order of their indices
/// </remarks>
public interface IAttackPieces
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Computes one.</summary>
    /// <param name="piece">From 0.</param>
    /// <returns>What <see cref="Combine"/> needs of it; a few kilobytes.</returns>
    byte[] Run(int piece);

    /// <summary>What the pieces come to.</summary>
    /// <param name="results">Of every piece, by index.</param>
    /// <exception cref="InvalidDataException">They are no results of these pieces.</exception>
    AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results);
}
