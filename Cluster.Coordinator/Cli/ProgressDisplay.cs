using System.Globalization;
using Cluster.Messages;
using Cluster.Ml.Data;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cluster.Coordinator.Cli;

/// <summary>Shows a running job: a live bar on a terminal, one plain line an epoch otherwise.</summary>
internal abstract class ProgressDisplay
{
    /// <param name="terminal">Where.</param>
    /// <param name="unit">What is counted, if it is not steps of epochs: folds.</param>
    public static ProgressDisplay For(Terminal terminal, string? unit = null) => terminal.Interactive ? new Live(terminal, unit) : new Plain(terminal, unit);

    /// <summary>Shows what comes in while <paramref name="work"/> runs.</summary>
    public abstract Task<T> WhileAsync<T>(Func<Task<T>> work);

    public abstract void OnSteps(StepsProgressed progress);

    public abstract void OnEpoch(EpochProgressed progress);

    /// <summary>A task has ended. By default nothing more is told than the count of <see cref="OnSteps"/>.</summary>
    public virtual void OnTask(TaskProgressed progress)
    {
    }

    internal static string EpochLine(EpochProgressed epoch)
    {
        List<string> parts = [$"epoch {epoch.Epoch + 1}/{epoch.Epochs}"];
        parts.AddRange(epoch.Training.Select(figure => $"{figure.Name} {FigureText.Of(figure.Name, figure.Value, 5)}"));
        parts.AddRange(epoch.Validation.Select(figure => $"validation {figure.Name} {FigureText.Of(figure.Name, figure.Value, 5)}"));
        if (!double.IsNaN(epoch.Epsilon)) parts.Add($"epsilon {Figure(epoch.Epsilon)}");
        return string.Join("  ", parts);
    }

    /// <summary>Why a job's figures while it trained are others than those of its end.</summary>
    internal static string Explanation(EpochProgressed epoch) => epoch.Validation.Length > 0
        ? "(while training: validation figures are of the end of an epoch, the others are means over it)"
        : "(while training: figures are means over an epoch, of rows as training reads them; the last ones are of the final model)";

    internal static string Figure(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private sealed class Plain(Terminal terminal, string? unit) : ProgressDisplay
    {
        private StepsProgressed? _last;
        private bool _explained;

        public override Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

        public override void OnSteps(StepsProgressed progress)
        {
            if (unit is not null && progress.Step > (_last?.Step ?? 0)) terminal.Say($"{progress.Step} of {progress.Steps} {unit}");
            _last = progress;
        }

        public override void OnEpoch(EpochProgressed progress)
        {
            if (!_explained && progress.Training.Length > 0) terminal.Say(Explanation(progress));
            _explained = true;
            string speed = _last is { ExamplesPerSecond: > 0 } last
                ? string.Create(CultureInfo.InvariantCulture, $"  {last.ExamplesPerSecond:N0} examples/s  {Counted.Of(last.Workers, "worker")}")
                : "";
            terminal.Say(EpochLine(progress) + speed);
        }
    }

    private sealed class Live(Terminal terminal, string? unit) : ProgressDisplay
    {
        private readonly Lock _gate = new();
        private readonly ProgressLine _line = new() { Unit = unit };
        private ProgressTask? _task;
        private EpochProgressed? _epoch;

        public override async Task<T> WhileAsync<T>(Func<Task<T>> work)
        {
            T ended = await ShowAsync(work);
            if (_epoch is { Training.Length: > 0 } epoch) terminal.Say(Explanation(epoch));
            return ended;
        }

        private Task<T> ShowAsync<T>(Func<Task<T>> work) => terminal.Messages
            .Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(new LineColumn(this))
            .StartAsync(async context =>
            {
                _task = context.AddTask("job", maxValue: 1);
                T result = await work();
                if (result is JobFinished finished)
                    lock (_gate) _line.OnEnd(finished);
                _task.StopTask();
                return result;
            });

        public override void OnSteps(StepsProgressed progress)
        {
            if (_task is not { } task) return;
            lock (_gate) _line.OnSteps(progress, task.ElapsedTime ?? TimeSpan.Zero);
            task.Value = Math.Min(_line.Share, 0.999);       // a task that is full ends its clock
        }

        public override void OnEpoch(EpochProgressed progress)
        {
            _epoch = progress;
            lock (_gate) _line.OnEpoch(progress);
        }

        /// <summary>One column for the whole line: wider columns of a table would wrap.</summary>
        private sealed class LineColumn(Live live) : ProgressColumn
        {
            protected override bool NoWrap => true;

            public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
            {
                lock (live._gate) return new Text(VisibleText.InLine(live._line.At(task.ElapsedTime ?? TimeSpan.Zero, options.ConsoleSize.Width, options.Unicode)));
            }
        }
    }
}
