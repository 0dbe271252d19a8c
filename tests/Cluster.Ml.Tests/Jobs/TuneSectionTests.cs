using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks.Tuning;
using Cluster.Ml.Tests.Tasks;

namespace Cluster.Ml.Tests.Jobs;

public sealed class TuneSectionTests
{
    [Fact]
    public void A_section_is_read_with_its_defaults()
    {
        TuneSpec tune = SearchJobs.Of("{ keys: { training.optimizer.sgd.rate: { log: [ 1e-4, 1e-1 ] }, training.batch: [ 32, 64 ] } }").Tune!;

        (tune.Search, tune.Trials, tune.Refit).ShouldBe((TuneSpec.Random, 20, true));
        tune.Keys.ShouldBe(
        [
            new TuneKey("training.optimizer.sgd.rate", new TuneValues.Range(1e-4, 1e-1, true, false, 5)),
            new TuneKey("training.batch", new TuneValues.Choices(new ValueList<string>(["32", "64"]))),
        ]);
    }

    [Theory]
    [InlineData("{ search: grid, keys: { training.batch: [ 16, 32 ] } }")]
    [InlineData("{ by: accuracy, keys: { training.batch: [ 16, 32 ] } }")]
    [InlineData("{ trials: 7, refit: false, keys: { training.batch: { log-whole: [ 16, 256 ], points: 3 } } }")]
    [InlineData("{ search: halving, trials: 30, keep: 2, keys: { training.optimizer: [ sgd, { adam: { rate: 0.01 } } ], training.tolerance: { uniform: [ 0, 1 ] } } }")]
    public void A_job_with_a_search_reads_back_as_itself(string section)
    {
        JobSpec job = SearchJobs.Of(section), again = JobFile.Parse(job.Text, "again.yaml", "/jobs");

        again.Text.ShouldBe(job.Text);
        again.Tune.ShouldBe(job.Tune);
    }

    [Fact]
    public void A_search_is_no_part_of_what_training_does()
    {
        JobSpec job = SearchJobs.Of("{ keys: { training.batch: [ 16, 32 ] } }"), without = SearchJobs.Of("null");

        without.Tune.ShouldBeNull();
        without.Text.ShouldNotContain("tune");
        JobChange.OfThePast(job, without).ShouldBeEmpty();
        JobChange.PastOf(job).ShouldBe(JobChange.PastOf(without));
    }

    [Theory]
    [InlineData("{ trials: 3 }", "tune to have the key 'keys'")]
    [InlineData("{ keys: { } }", "at least one key")]
    [InlineData("{ search: grid, trials: 3, keys: { training.batch: [ 16 ] } }", "with search: grid, which tries all combinations")]
    [InlineData("{ keep: 3, keys: { training.batch: [ 16 ] } }", "without search: halving")]
    [InlineData("{ search: halving, keys: { training.epochs: [ 1, 2 ] } }", "which halving sets itself")]
    [InlineData("{ keys: { data.split.validation: [ 0.1, 0.2 ] } }", "a key of model, training, data.scale, data.augment")]
    [InlineData("{ keys: { seed: [ 1, 2 ] } }", "trials are compared on the same rows")]
    [InlineData("{ keys: { training.batch: 16 } }", "a list of 1 to 1000 values, or a range")]
    [InlineData("{ keys: { training.batch: [ ] } }", "a list of 1 to 1000 values, or a range")]
    [InlineData("{ keys: { training.batch: { between: [ 1, 2 ] } } }", "exactly one of uniform, log, whole, log-whole")]
    [InlineData("{ keys: { training.batch: { log: [ 0, 2 ] } } }", "two numbers above 0, the lower first")]
    [InlineData("{ keys: { training.batch: { uniform: [ 2, 2 ] } } }", "two numbers, the lower first")]
    [InlineData("{ keys: { training.batch: { whole: [ 1.5, 2 ] } } }", "two whole numbers, the lower first")]
    [InlineData("{ keys: { training.batch: { log: [ 1, 2 ], points: 1 } } }", "points to be a whole number from 2")]
    [InlineData("{ search: grid, keys: { training.batch: { whole: [ 1, 100 ], points: 100 }, training.epochs: { whole: [ 1, 100 ], points: 100 } } }", "at most 1000 combinations")]
    [InlineData("{ search: best, keys: { training.batch: [ 16 ] } }", "grid or random or halving")]
    [InlineData("{ by: acuracy, keys: { training.batch: [ 16 ] } }", "log-loss or accuracy, what a trial of kind: softmax is measured by, got 'acuracy'; did you mean 'accuracy'")]
    [InlineData("{ triels: 3, keys: { training.batch: [ 16 ] } }", "trials")]
    public void What_is_wrong_is_told_with_its_place(string section, string wanted)
    {
        BadInputException bad = Should.Throw<BadInputException>(() => SearchJobs.Of(section));

        bad.Message.ShouldContain(wanted);
        bad.Message.ShouldContain("search.yaml:5:");
    }
}
