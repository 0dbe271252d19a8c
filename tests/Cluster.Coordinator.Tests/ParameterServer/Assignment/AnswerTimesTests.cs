using Cluster.Coordinator.ParameterServer.Assignment;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class AnswerTimesTests
{
    [Fact]
    public void A_few_answers_say_nothing()
    {
        AnswerTimes times = new();

        for (int i = 1; i < AnswerTimes.Least; i++)
        {
            times.Add(TimeSpan.FromSeconds(i));
            times.Median.ShouldBeNull();
        }
        times.Add(TimeSpan.FromSeconds(100));

        times.Median.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void The_newest_count_and_one_slow_worker_of_two_does_not_move_the_median()
    {
        AnswerTimes times = new();
        for (int i = 0; i < AnswerTimes.Remembered; i++) times.Add(TimeSpan.FromHours(1));

        for (int i = 0; i < AnswerTimes.Remembered; i++) times.Add(i % 2 == 0 ? TimeSpan.FromSeconds(50) : TimeSpan.FromSeconds(10));

        times.Median.ShouldBe(TimeSpan.FromSeconds(10));
    }
}
