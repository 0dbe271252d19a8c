using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Jobs;

namespace Cluster.Ml.Tests.Learning;

public sealed class TrainingCourseTests
{
    private static readonly JobSpec s_patient = Some.Job("training.epochs=10", "training.early-stopping={patience: 2, minimum-gain: 0.01}");
    private static readonly JobSpec s_plain = Some.Job("training.epochs=3");

    private static Metrics LogLoss(double loss) => new([new("log-loss", loss), new("accuracy", 0.5)]);

    /// <summary>Answers what is asked, as a machine that never fails would; gives back all that was asked and answered.</summary>
    private static (TrainingCourse Course, List<CourseAction> Asked, List<CourseEvent> Events) Follow(
        TrainingCourse course, double[] validationLosses, int? convergesAfter = null)
    {
        List<CourseAction> asked = [];
        List<CourseEvent> events = [];
        while (course.Next is not CourseAction.Finish)
        {
            asked.Add(course.Next);
            events.Add(Answer(course.Next, validationLosses, convergesAfter));
            course = course.On(events[^1]);
            asked.Count.ShouldBeLessThan(100);
        }
        return (course, asked, events);
    }

    private static CourseEvent Answer(CourseAction action, double[] validationLosses, int? convergesAfter = null) => action switch
    {
        CourseAction.TrainEpoch train => new CourseEvent.EpochTrained(train.Epoch, 1.0 / (train.Epoch + 1), 0.5, train.Epoch + 1 == convergesAfter),
        CourseAction.Evaluate measure => new CourseEvent.Evaluated(measure.Split, measure.Epoch, LogLoss(validationLosses[measure.Epoch])),
        CourseAction.KeepBest keep => new CourseEvent.BestKept(keep.Epoch),
        CourseAction.RestoreBest restore => new CourseEvent.BestRestored(restore.Epoch),
        _ => new CourseEvent.ModelSaved(),
    };

    [Fact]
    public void Without_validation_every_epoch_is_trained_then_all_is_measured_once()
    {
        (TrainingCourse course, List<CourseAction> asked, _) = Follow(TrainingCourse.Begin(s_plain, 0, 20), new double[10]);

        asked.ShouldBe(
        [
            new CourseAction.TrainEpoch(0), new CourseAction.TrainEpoch(1), new CourseAction.TrainEpoch(2),
            new CourseAction.Evaluate(SplitKind.Training, 2), new CourseAction.Evaluate(SplitKind.Test, 2), new CourseAction.SaveModel(),
        ]);
        course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.Completed));
        course.EpochsDone.ShouldBe(3);
    }

    [Fact]
    public void The_best_state_is_kept_restored_and_measured_when_patience_runs_out()
    {
        (TrainingCourse course, List<CourseAction> asked, _) = Follow(TrainingCourse.Begin(s_patient, 5, 5), [3, 2, 2.5, 1.995, 9]);

        asked.ShouldBe(
        [
            new CourseAction.TrainEpoch(0), new CourseAction.Evaluate(SplitKind.Validation, 0), new CourseAction.KeepBest(0),
            new CourseAction.TrainEpoch(1), new CourseAction.Evaluate(SplitKind.Validation, 1), new CourseAction.KeepBest(1),
            new CourseAction.TrainEpoch(2), new CourseAction.Evaluate(SplitKind.Validation, 2),
            new CourseAction.TrainEpoch(3), new CourseAction.Evaluate(SplitKind.Validation, 3),
            new CourseAction.RestoreBest(1), new CourseAction.Evaluate(SplitKind.Training, 1),
            new CourseAction.Evaluate(SplitKind.Validation, 1), new CourseAction.Evaluate(SplitKind.Test, 1), new CourseAction.SaveModel(),
        ]);
        course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.StoppedEarly));
        (course.BestEpoch, course.BestLoss, course.EpochsDone, course.StateEpoch).ShouldBe((1, 2.0, 4, 1));
    }

    [Fact]
    public void A_gain_starts_patience_anew_and_the_last_epoch_completes_the_job()
    {
        (TrainingCourse course, List<CourseAction> asked, _) = Follow(TrainingCourse.Begin(s_patient, 5, 0), [9, 10, 8, 9, 7, 8, 6, 7, 5, 6]);

        course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.Completed));
        asked.OfType<CourseAction.TrainEpoch>().Count().ShouldBe(10);
        asked.OfType<CourseAction.RestoreBest>().ShouldBe([new CourseAction.RestoreBest(8)]);
        asked.OfType<CourseAction.Evaluate>().ShouldNotContain(measure => measure.Split == SplitKind.Test);
    }

    [Fact]
    public void A_best_state_that_is_current_is_not_restored()
    {
        (_, List<CourseAction> asked, _) = Follow(TrainingCourse.Begin(s_patient, 5, 5), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);

        asked.ShouldNotContain(action => action is CourseAction.RestoreBest);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_never_the_best()
    {
        (TrainingCourse course, _, _) = Follow(TrainingCourse.Begin(s_patient, 5, 5), [double.NaN, 2, double.NaN, double.NaN]);

        (course.BestEpoch, course.BestLoss).ShouldBe((1, 2.0));
        Follow(TrainingCourse.Begin(s_patient, 5, 5), [double.NaN, double.NaN]).Course.BestEpoch.ShouldBeNull();
    }

    [Fact]
    public void Convergence_ends_training_as_completed()
    {
        (TrainingCourse course, List<CourseAction> asked, _) = Follow(TrainingCourse.Begin(s_plain, 0, 5), new double[10], convergesAfter: 2);

        course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.Completed));
        asked.OfType<CourseAction.TrainEpoch>().Count().ShouldBe(2);
    }

    [Fact]
    public void A_spent_budget_ends_training_early_and_measures_the_part_of_the_epoch_that_was_done()
    {
        TrainingCourse course = TrainingCourse.Begin(s_patient, 5, 5);
        foreach (int _ in Enumerable.Range(0, 3)) course = course.On(Answer(course.Next, [3, 2]));
        course.Next.ShouldBe(new CourseAction.TrainEpoch(1));

        TrainingCourse cut = course.On(new CourseEvent.PrivacyExhausted(1, 4)), empty = course.On(new CourseEvent.PrivacyExhausted(1, 0));

        cut.Next.ShouldBe(new CourseAction.Evaluate(SplitKind.Validation, 1));
        cut.EpochsDone.ShouldBe(2);
        empty.Next.ShouldBe(new CourseAction.Evaluate(SplitKind.Training, 0));
        empty.EpochsDone.ShouldBe(1);
        Follow(cut, [3, 2]).Course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.StoppedEarly));
        Follow(empty, [3, 2]).Course.Next.ShouldBe(new CourseAction.Finish(CourseStatus.StoppedEarly));
    }

    [Fact]
    public void A_cancelled_course_goes_on_where_it_was()
    {
        TrainingCourse course = TrainingCourse.Begin(s_plain, 0, 5).On(new CourseEvent.EpochTrained(0, 1, 1, false));

        TrainingCourse cancelled = course.On(new CourseEvent.CancelRequested());

        cancelled.Next.ShouldBe(new CourseAction.Finish(CourseStatus.Cancelled));
        cancelled.On(new CourseEvent.EpochTrained(1, 1, 1, false)).ShouldBeSameAs(cancelled);
        cancelled.On(new CourseEvent.Resumed()).ShouldBe(course);
        course.On(new CourseEvent.Resumed()).ShouldBeSameAs(course);
    }

    [Fact]
    public void A_finished_course_takes_nothing_more()
    {
        TrainingCourse finished = Follow(TrainingCourse.Begin(s_plain, 0, 0), new double[10]).Course;

        finished.On(new CourseEvent.CancelRequested()).ShouldBeSameAs(finished);
        finished.On(new CourseEvent.ModelSaved()).ShouldBeSameAs(finished);
    }

    [Fact]
    public void Answers_to_other_questions_change_nothing_at_any_point()
    {
        double[] losses = [3, 2, 2.5, 1.995, 9];
        TrainingCourse course = TrainingCourse.Begin(s_patient, 5, 5);
        (_, _, List<CourseEvent> events) = Follow(course, losses);
        foreach (CourseEvent happened in events)
        {
            foreach (CourseEvent other in events.Where(other => !Answers(other, course.Next)))
                course.On(other).ShouldBeSameAs(course);
            course = course.On(happened);
        }
    }

    [Fact]
    public void Every_event_may_come_twice_and_a_replay_gives_the_same_course()
    {
        (TrainingCourse course, _, List<CourseEvent> events) = Follow(TrainingCourse.Begin(s_patient, 5, 5), [3, 2, 2.5, 1.995, 9]);

        TrainingCourse twice = TrainingCourse.Replay(s_patient, 5, 5, events.SelectMany(happened => new[] { happened, happened }));

        twice.ShouldBe(course);
        for (int count = 0; count <= events.Count; count++)
            TrainingCourse.Replay(s_patient, 5, 5, events.Take(count)).ShouldBe(
                events.Take(count).Aggregate(TrainingCourse.Begin(s_patient, 5, 5), (at, happened) => at.On(happened)));
    }

    [Fact]
    public void The_loss_of_a_split_is_the_first_figure_of_which_less_is_better()
    {
        Figure.LossOf(Figure.OfClasses, new Metrics([new("accuracy", 0.9), new("log-loss", 0.3)])).ShouldBe(0.3);
        Figure.LossOf(Figure.OfNumbers, new Metrics([new("r2", 0.9), new("rmse", 4)])).ShouldBe(4);
        Figure.LossOf(LearnerRegistry.Of("kmeans").FiguresOf(ModelOptions.None), new Metrics([new("inertia", 78.85)])).ShouldBe(78.85);
        Figure.LossOf(Figure.OfClasses, new Metrics([new("accuracy", 0.9)])).ShouldBe(-0.9);
        Figure.LossOf(Figure.OfClasses, Metrics.None).ShouldBe(double.NaN);
    }

    private static bool Answers(CourseEvent happened, CourseAction asked) => (happened, asked) switch
    {
        (CourseEvent.EpochTrained e, CourseAction.TrainEpoch a) => e.Epoch == a.Epoch,
        (CourseEvent.Evaluated e, CourseAction.Evaluate a) => e.Split == a.Split && e.Epoch == a.Epoch,
        (CourseEvent.BestKept e, CourseAction.KeepBest a) => e.Epoch == a.Epoch,
        (CourseEvent.BestRestored e, CourseAction.RestoreBest a) => e.Epoch == a.Epoch,
        (CourseEvent.ModelSaved, CourseAction.SaveModel) => true,
        _ => false,
    };
}
