using System.Globalization;
using Cluster.Messages;
using Cluster.Ml.Data;
using Spectre.Console;

namespace Cluster.Coordinator.Cli;

/// <summary>Shows a running job: a live bar on a terminal, one plain line an epoch otherwise.</summary>
internal abstract class ProgressDisplay
{
    public static ProgressDisplay For(Terminal terminal) => terminal.Interactive ? new Live(terminal) : new Plain(terminal);

    /// <summary>Shows what comes in while <paramref name="work"/> runs.</summary>
    public abstract Task<T> WhileAsync<T>(Func<Task<T>> work);

    public abstract void OnSteps(StepsProgressed progress);

    public abstract void OnEpoch(EpochProgressed progress);

    internal static string EpochLine(EpochProgressed epoch)
    {
        List<string> parts = [$"epoch {epoch.Epoch + 1}/{epoch.Epochs}"];
        parts.AddRange(epoch.Training.Select(figure => $"{figure.Name} {FigureText.Of(figure.Name, figure.Value, 5)}"));
        parts.AddRange(epoch.Validation.Select(figure => $"validation {figure.Name} {FigureText.Of(figure.Name, figure.Value, 5)}"));
        if (!double.IsNaN(epoch.Epsilon)) parts.Add($"epsilon {Figure(epoch.Epsilon)}");
        return string.Join("  ", parts);
    }

    internal static string Figure(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private sealed class Plain(Terminal terminal) : ProgressDisplay
    {
        private StepsProgressed? _last;

        public override Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

        public override void OnSteps(StepsProgressed progress) => _last = progress;

        public override void OnEpoch(EpochProgressed progress)
        {
            string speed = _last is { } last
                ? string.Create(CultureInfo.InvariantCulture, $"  {last.ExamplesPerSecond:N0} examples/s  {last.Workers} workers")
                : "";
            terminal.Say(EpochLine(progress) + speed);
        }
    }

    private sealed class Live(Terminal terminal) : ProgressDisplay
    {
        private ProgressTask? _task;
        private string _validation = "";

        public override Task<T> WhileAsync<T>(Func<Task<T>> work) => terminal.Messages
            .Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                _task = context.AddTask("starting the cluster", maxValue: 1);
                T result = await work();
                _task.Value = _task.MaxValue;
                _task.StopTask();
                return result;
            });

        public override void OnSteps(StepsProgressed progress)
        {
            if (_task is not { } task) return;
            task.MaxValue = Math.Max(1, progress.Steps);
            task.Value = Math.Min(progress.Step, task.MaxValue);
            string accuracy = double.IsNaN(progress.Accuracy) ? "" : $" · accuracy {Figure(progress.Accuracy)}";
            task.Description = Markup.Escape(VisibleText.InLine(string.Create(CultureInfo.InvariantCulture,
                $"epoch {progress.Epoch + 1}/{progress.Epochs} · loss {Figure(progress.Loss)}{accuracy}{_validation} · {progress.ExamplesPerSecond:N0} examples/s · {progress.Workers} workers")));
        }

        public override void OnEpoch(EpochProgressed progress) =>
            _validation = string.Concat(progress.Validation.Take(1).Select(figure => $" · validation {figure.Name} {FigureText.Of(figure.Name, figure.Value, 5)}"));
    }
}
