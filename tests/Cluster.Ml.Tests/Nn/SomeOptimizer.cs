using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Update rules by name, for tests.</summary>
internal static class SomeOptimizer
{
    public static OptimizerSpec Of(string kind, double rate, double momentum, double decay, double epsilon = 1e-8) => kind switch
    {
        SgdOptions.Name => new SgdOptions { Rate = rate, Momentum = momentum },
        AdamOptions.Name => new AdamOptions { Rate = rate, Beta2 = decay, Epsilon = epsilon },
        RmsPropOptions.Name => new RmsPropOptions { Rate = rate, Decay = decay, Epsilon = epsilon, Momentum = momentum },
        _ => new AdadeltaOptions { Rate = rate, Decay = decay, Epsilon = epsilon },
    };
}
