using System.Runtime.ExceptionServices;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Cli;

/// <summary>Runs parts side by side on so many threads.</summary>
internal sealed class ParallelParts(int threads) : IPartRunner
{
    public void Run(int parts, Action<int> run)
    {
        try
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, run);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
