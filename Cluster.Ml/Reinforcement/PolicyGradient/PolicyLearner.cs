using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Arrays;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>A policy that follows the gradient of its return over episodes that it plays, with a baseline that is learned beside it.</summary>
/// <remarks>
/// Equation     contribution = Σ ∂ℓ/∂θ over the moments of a micro-batch's episodes, ℓ of <see cref="PolicyLoss"/>;  update: one <see cref="OptimizerStep"/>
/// Shapes       state: policy, baseline, and with several steps a roll-out a copy of both; contribution: gradient, that copy, the step's statistics, whose
///              examples are moments
/// Determinism  a row is an episode, keyed by (seed, roll-out, row). With several steps a roll-out the first one plays with the published parameters, which micro-batch
///              0 hands on as the copy (zeros from all others); each later step may play the same again from the copy. So a step is a pure function of (state, rows,
///              step), and may be repeated by any worker; what was played is remembered, but never needed
/// Source       Williams (1992); Schulman et al. (2016, 2017); see <see cref="PolicyLoss"/> and <see cref="Advantages"/>
/// Differs      from PPO's paper in playing whole episodes, and not a fixed number of actions that go on where the last ones ended
/// </remarks>
public sealed class PolicyLearner : GradientLearner, IMembership, ITensorSource
{
    private readonly string _kind;

    private PolicyLearner(JobSpec spec, PolicyModel model)
        : base(new OptimizerStep(spec, model.LayOutSteps(spec.Training.Optimizer.Create()))) => (_kind, Seed, Model) = (spec.Model.Kind, spec.Seed, model);

    /// <inheritdoc/>
    public override int EvaluationLength => ReturnSums.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> MembershipNames => [.. Model.Process.ActionNames.Select(action => $"probability_{action}")];

    internal ulong Seed { get; }

    internal PolicyModel Model { get; }

    internal RolloutMemory Memory { get; } = new();

    /// <summary>The learner of a job whose kind is a policy.</summary>
    /// <param name="spec">The job.</param>
    /// <exception cref="ArgumentException">The job is of another kind.</exception>
    /// <exception cref="BadInputException">A layer does not fit another, or the state.</exception>
    public static PolicyLearner Create(JobSpec spec) => new(spec, new PolicyModel(spec.Name, spec.Model.As<PolicyOptions>()));

    /// <inheritdoc/>
    public override void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        Require(state, StateLength, "state");
        Require(optimizerState, OptimizerStateLength, "optimizerState");
        foreach (ParameterBlock block in Model.Layout.Blocks) block.Layer.Initialize(block.Of(state.Floats), Seed, block.Index);
        state.Floats[..Model.ActorLength].CopyTo(state.Floats[Model.Layout.ParameterCount..]);
        optimizerState.Clear();
    }

    /// <inheritdoc/>
    public override IContributor CreateContributor() => new PolicyContributor(this);

    /// <inheritdoc/>
    public override Metrics Measure(ReadOnlySpan<double> evaluationSums) => ReturnSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public override ModelSummary Summarize(NumericBuffer state)
    {
        static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
        List<IReadOnlyList<string>> rows = [["state", $"{Model.Process.StateNames.Count}", "0"]];
        foreach (NetworkNode node in Model.Learning.Nodes) rows.Add([node.Layer?.Name ?? node.Join!.Name, $"{node.OutputShape}", Number(node.Block?.Count ?? 0)]);
        rows.Add(["total", "", Number(Model.Layout.ParameterCount)]);
        return new ModelSummary(
            $"{_kind} on {Model.Process.Name}: {string.Join(", ", Model.Process.StateNames)} → {string.Join(" or ", Model.Process.ActionNames)}, {Number(Model.Layout.ParameterCount)} parameters",
            ["layer", "output", "parameters"], rows, ["the policy's layers come first, then those of its baseline"]);
    }

    IReadOnlyList<NamedTensor> ITensorSource.Tensors(NumericBuffer state)
    {
        List<NamedTensor> tensors = [.. NetworkTensors.Of(Model.Layout, state)];
        if (Model.ActorLength > 0) tensors.Add(NamedTensor.Of("played_by", [Model.ActorLength], state.Floats[Model.Layout.ParameterCount..]));
        return tensors;
    }
}
