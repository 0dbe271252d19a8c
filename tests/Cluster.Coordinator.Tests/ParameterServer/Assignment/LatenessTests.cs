using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class LatenessTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private static readonly ShardHost A = new(new WorkerId("a"), "node", [0]), B = new(new WorkerId("b"), "node", [1]);
    private readonly Lateness _lateness = new(after: 3);

    public LatenessTests()
    {
        for (int i = 0; i < AnswerTimes.Least; i++) _lateness.OnOwnAnswer(A.Id, Usual);
    }

    [Fact]
    public void Nobody_is_late_before_the_bound() => _lateness.Late([A, B], 3 * Usual).ShouldBeEmpty();

    [Fact]
    public void A_worker_that_owes_an_answer_beyond_it_is_late() => _lateness.Late([B], 3.1 * Usual).ShouldBe([B]);

    [Fact]
    public void Without_answers_to_compare_with_nobody_is_late() => new Lateness(after: 3).Late([A], 1000 * Usual).ShouldBeEmpty();

    [Fact]
    public void A_worker_that_was_late_is_late_at_once_in_the_next_round_until_it_is_in_time()
    {
        _lateness.Late([B], 4 * Usual);

        _lateness.Late([A, B], 0.1 * Usual).ShouldBe([B]);

        _lateness.OnOwnAnswer(B.Id, Usual);
        _lateness.Late([A, B], 0.1 * Usual).ShouldBeEmpty();
    }
}
