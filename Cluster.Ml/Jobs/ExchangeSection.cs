using Cluster.Ml.Aggregation.Robust;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>What does not go with how parameter server and workers exchange what they compute.</summary>
internal static class ExchangeSection
{
    /// <summary>Notes every key of training about the exchange that does not go with the learner or with another key.</summary>
    public static void Judge(JobMap map, LearnerForm? form, TrainingSpec training)
    {
        if (form is not null) JudgeMode(map, form, training);
        if (training is { Mode: TrainingMode.Stale, Speculation: not null })
            map.Refuse("speculation", "with mode stale", "no step waits for a late worker there; remove it");
        CompressionSection.Judge(map, form, training);
        if (training.KeepsApart) JudgeAggregate(map, form, training);
        if (training.Servers > 1) JudgeServers(map, form, training);
    }

    private static void JudgeMode(JobMap map, LearnerForm form, TrainingSpec training)
    {
        (TrainingMode mode, OptimizerSpec optimizer) = (training.Mode, training.Optimizer);
        if (mode.Asked is { } asked && form.Refuses(asked) is { } refusal)
            map.Error("mode", $"synchronous {refusal.Because}", mode.Name, refusal.Advice);
        else if (mode is TrainingMode.LocalSgd && !optimizer.MayBeAveraged)
            map.Error("mode", $"synchronous or stale with optimizer {optimizer.Kind}, whose moments cannot be averaged", mode.Name, "write optimizer: { sgd: { rate: 0.1 } }");
    }

    private static void JudgeAggregate(JobMap map, LearnerForm? form, TrainingSpec training)
    {
        string key = training.Attack is null ? "aggregate" : "attack", kept = "whose micro-batches are kept apart";
        if (form?.Refuses(Capability.Compression) is not null)
            map.Refuse(key, $"with kind: {form.Name}, which takes no steps along gradients", "remove it, or choose a model that follows gradients");
        if (training.Mode is not TrainingMode.Synchronous)
            map.Error("mode", $"synchronous with {key}, {kept}", training.Mode.Name, "write mode: synchronous");
        if (training.Compression is { } compression)
            map.Error("compression", $"none with {key}, {kept}", compression.Name, "remove it");
        if (training.Servers > 1) map.Error("servers", $"1 with {key}, {kept}", "write servers: 1");
        AggregateSpec aggregate = training.Aggregate;
        if (training.MicroBatches < aggregate.Least)
            map.Error(
                "aggregate", $"at least {aggregate.Least} micro-batches for {aggregate.Name}{(aggregate.Byzantine > 0 ? $" against {aggregate.Byzantine} that lie" : "")}, which asks for {aggregate.Promise}",
                $"{training.MicroBatches}", "raise training.micro-batches, or lower byzantine");
        if (training.Attack is { } attack && attack.Byzantine >= training.MicroBatches)
            map.Error("attack", $"fewer lying micro-batches than there are ({training.MicroBatches})", $"{attack.Byzantine}", "lower byzantine");
    }

    private static void JudgeServers(JobMap map, LearnerForm? form, TrainingSpec training)
    {
        if (form?.Refuses(Capability.Servers) is { } refusal)
            map.Error("servers", $"1 {refusal.Because}", refusal.Advice);
        else if (training.Mode is TrainingMode.Stale)
            map.Error("servers", "1 with mode stale, which sends each worker the state of its own moment", "write servers: 1, or mode: synchronous");
        else if (training.Compression is not null)
            map.Error("servers", "1 with compression, whose codes are not cut into ranges", "write servers: 1, or compression: none");
    }
}
