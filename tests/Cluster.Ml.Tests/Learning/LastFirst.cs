using Cluster.Ml.Learning;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Runs the last part first, and notes how many there were.</summary>
internal sealed class LastFirst : IPartRunner
{
    public static LastFirst Instance { get; } = new();

    public int Parts { get; private set; }

    public void Run(int parts, Action<int> run)
    {
        Parts = parts;
        for (int part = parts - 1; part >= 0; part--) run(part);
    }
}
