using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Tests.Nn;

namespace Cluster.Ml.Tests.Learning;

public class MemoryNeedTests
{
    private static readonly JobSpec s_job = SomeNetwork.Job(layers: [new DenseOptions(100, "relu")]);

    private static ILearner Learner => Learners.CreateAlone(s_job, SomeNetwork.Shape(50, 10));

    [Fact]
    public void A_model_that_fits_is_taken_and_one_byte_less_refuses_it()
    {
        long need = MemoryNeed.BytesOf(Learner);

        need.ShouldBeGreaterThan(2L * Learner.StateLength * sizeof(float));
        MemoryNeed.Require(s_job, Learner, 1, need);
        BadInputException error = Should.Throw<BadInputException>(() => MemoryNeed.Require(s_job, Learner, 1, need - 1));
        error.Wanted.ShouldContain("memory");
        error.Got.ShouldContain("numbers, which needs at least");
        MemoryNeed.Require(s_job, Learner, 2, need - 1);      // each of two servers holds a half
    }

    [Theory]
    [InlineData("mlp, layers: [ { dense: 65536 }, { dense: 65536 } ]")]      // 2³² weights, which wrap round to none
    [InlineData("mlp, layers: [ { dense: 46341 }, { dense: 46341 } ]")]      // the first square above 2³¹ − 1
    [InlineData("mlp, layers: [ { dense: 32768 }, { dense: 32768 } ]")]      // the weights fit, the two moments of each do not
    [InlineData("mlp, layers: [ { dense: 65535 }, { reshape: [ 65535, 1, 1 ] }, { conv: 65536, size: 1 }, { flatten: true } ]")]     // what a layer gives
    public void A_network_with_more_numbers_than_a_vector_holds_is_refused(string model)
    {
        JobSpec job = JobFile.Parse($"data: {{ source: a.csv }}\nmodel: {{ kind: {model} }}", "job.yaml", "/");

        Should.Throw<BadInputException>(() => Learners.Create(job, SomeNetwork.Shape(50, 10))).Wanted.ShouldContain($"at most {int.MaxValue} numbers each");
    }

    [Fact]
    public void Memory_that_ran_out_is_told_with_its_size_and_other_failures_as_they_are()
    {
        MemoryNeed.TextOf(new OutOfMemoryException()).ShouldContain(" MiB that this process may use; use ");
        MemoryNeed.TextOf(new TimeoutException("late")).ShouldBe("late");
    }
}
