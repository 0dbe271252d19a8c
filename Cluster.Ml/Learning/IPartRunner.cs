namespace Cluster.Ml.Learning;

/// <summary>Runs the parts of one piece of work, side by side if there are threads for it.</summary>
public interface IPartRunner
{
    /// <summary>Runs every part once, and returns when all are done.</summary>
    /// <param name="parts">How many.</param>
    /// <param name="run">Runs part 0 … parts − 1. Parts write different numbers, so that neither their order nor their threads matter.</param>
    void Run(int parts, Action<int> run);
}

/// <summary>Runs one part after another on the calling thread.</summary>
public sealed class PartsInTurn : IPartRunner
{
    private PartsInTurn()
    {
    }

    /// <summary>The only one there is.</summary>
    public static PartsInTurn Instance { get; } = new();

    /// <inheritdoc/>
    public void Run(int parts, Action<int> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        for (int part = 0; part < parts; part++) run(part);
    }
}
