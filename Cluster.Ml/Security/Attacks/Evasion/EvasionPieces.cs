namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>The parts of one or several runs over the same rows, run after run.</summary>
/// <param name="runs">The runs.</param>
/// <param name="report">What they come to, once every run has all its parts.</param>
internal sealed class EvasionPieces(IReadOnlyList<EvasionRun> runs, Func<AttackReport> report) : IAttackPieces
{
    public int Count => runs.Sum(run => run.Parts);

    public byte[] Run(int piece)
    {
        (EvasionRun run, int part) = At(piece);
        return run.RunPart(part);
    }

    public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
    {
        for (int piece = 0; piece < results.Count; piece++)
        {
            (EvasionRun run, int part) = At(piece);
            run.Take(part, results[piece]);
        }
        return report();
    }

    private (EvasionRun Run, int Part) At(int piece)
    {
        int run = 0;
        for (; piece >= runs[run].Parts; run++) piece -= runs[run].Parts;
        return (runs[run], piece);
    }
}
