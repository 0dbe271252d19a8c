using Cluster.Ml.Data;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>Two networks that share nothing but their input: a policy and its baseline.</summary>
/// <remarks>
/// Equation    π(a | s) = softmax(policy(s))ₐ;  V(s) = baseline(s)
/// Shapes      state: the policy's parameters, then the baseline's; with several steps a roll-out, then a copy of both, as they were when it was played
/// Parameters  the policy's output layer begins with zeros, so that all actions begin equally likely; the baseline's with Glorot uniform
/// </remarks>
internal sealed class PolicyModel
{
    private readonly bool _keepsActor;

    /// <exception cref="BadInputException">A layer does not fit another, or the state.</exception>
    public PolicyModel(string job, PolicyOptions options)
    {
        Options = options;
        Process = options.Process;
        _keepsActor = options.StepsPerRollout > 1;
        int actions = Process.ActionNames.Count;
        TensorShape state = TensorShape.Of(Process.StateNames.Count);
        SubNetwork policy = new(job, options.Layers, shape => Last(job, "layers", shape, actions, Initializer.Zero));
        SubNetwork baseline = new(job, options.ValueLayers, shape => Last(job, "value-layers", shape, 1, Initializer.GlorotUniform));
        NetworkBuilder learning = new(Layout, state);
        int logits = policy.AddTo(learning, NetworkBuilder.Input, true);
        Learning = learning.Cost(logits, new SoftmaxCrossEntropy()).Cost(baseline.AddTo(learning, NetworkBuilder.Input, true), new SquaredError()).Build();
        NetworkBuilder acting = new(Layout, state);
        Acting = acting.Cost(policy.AddTo(acting, NetworkBuilder.Input, false), new SoftmaxCrossEntropy()).Build();
    }

    /// <summary>What the job says.</summary>
    public PolicyOptions Options { get; }

    /// <summary>The environment.</summary>
    public DecisionProcess Process { get; }

    /// <summary>Where the parameters of both are.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>Policy and baseline: the first head is the logits, the second the value.</summary>
    public Network Learning { get; }

    /// <summary>The policy alone.</summary>
    public Network Acting { get; }

    /// <summary>Numbers of the state behind the parameters: a copy of the parameters, or none.</summary>
    public int ActorLength => _keepsActor ? Layout.ParameterCount : 0;

    /// <summary>The parameters of the policy that plays a step's episodes: those before the first step of the roll-out.</summary>
    /// <param name="state">The whole state.</param>
    /// <param name="turn">Which step of the roll-out, from 0.</param>
    public ReadOnlySpan<float> ActorOf(ReadOnlySpan<float> state, int turn) =>
        turn == 0 ? state[..Layout.ParameterCount] : state.Slice(Layout.ParameterCount, Layout.ParameterCount);

    /// <summary>The same as the steps of its optimizer see it; the copy is carried from step to step.</summary>
    public StepLayout LayOutSteps(Optimizer optimizer) => new(
        [.. Layout.Blocks.Select(block => new StepBlock(block.Name, new Slice(block.Offset, block.Count), block.WeightCount, block.GradientOffset))],
        [(optimizer, [.. Layout.Blocks.Select(block => !block.Frozen)])], NormRule.Blocks, keepsNorms: true, carried: ActorLength);

    private static Dense Last(string job, string key, TensorShape shape, int outputs, Initializer start) => shape.Rank == 1
        ? new Dense(shape, outputs, Identity.Declared, start)
        : throw new BadInputException(job, null, null, "numbers in a row before the output layer", $"a tensor of {shape}", $"add {{ flatten: true }} to the end of model.{key}");
}
