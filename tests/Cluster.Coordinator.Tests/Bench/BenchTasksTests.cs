using Cluster.Coordinator.Bench;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using SharedData = Cluster.Ml.Tests.SharedData;

namespace Cluster.Coordinator.Tests.Bench;

public class BenchTasksTests
{
    [SkippableFact]
    public void The_characters_take_as_many_steps_as_the_reference_program_is_told_to()
    {
        string? text = SharedData.Find("data", "text");
        Skip.If(text is null, "the larger data sets are not here");
        TrainingTask task = (TrainingTask)BenchTasks.Find("char-lstm")!;
        JobSpec spec = TrainingTask.Read(task.Jobs[0], Path.GetDirectoryName(text)!, []);
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));

        long steps = BatchPlan.For(spec, data.Shape.TrainingExamples, fullBatch: false).StepsPerEpoch * spec.Training.Epochs;

        steps.ShouldBe(BenchTasks.CharacterSteps);
    }
}
