using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Every decision of the parameter server: if training stands, which round is open, what a command or a contribution
/// leads to. No actor, no clock, no file, no number of the model. All counters are absolute, so that a life that begins at an old checkpoint
/// repeats exactly what the one before did.
/// </summary>
/// <param name="plan">What is trained.</param>
/// <param name="sums">What has come of a round of that purpose; it is looked at, and never changed from here.</param>
/// <param name="incarnation">Which life this is.</param>
/// <param name="servers">How many servers keep the parameters.</param>
/// <param name="rules">Who carries what steps left out.</param>
internal sealed partial class ParameterServerState(
    TrainingPlan plan, Func<RoundPurpose, IContributionSum> sums, long incarnation, int servers = 1, RoundRules? rules = null)
{
    private long _ordinal = -1;
    private int _evaluationEpoch;
    private SplitEvaluated? _evaluation;        // the last: what was asked, and the sums
    private bool _training;
    private bool _withinEpoch;                  // the learner wants more steps of the epoch

    // SaveModel names no epoch. In a new life it counts only after a command that does, else a repetition that was on its
    // way when the last life ended would save the state of an old checkpoint.
    private bool _confirmed;

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>The epoch that the next step belongs to.</summary>
    public int Epoch { get; private set; }

    /// <summary>Steps done of that epoch.</summary>
    public long StepInEpoch { get; private set; }

    /// <summary>What that epoch has added up to.</summary>
    public StepTally Tally { get; private set; }

    /// <summary>What the epoch before added up to.</summary>
    public StepTally LastTally { get; private set; }

    /// <summary>The epoch of the best state, or −1.</summary>
    public int BestEpoch { get; private set; } = -1;

    /// <summary>Whether the best state stands in the place of the newest.</summary>
    public bool ShowingBest { get; private set; }

    /// <summary>Which steps' noise is accounted for in the journal; null if training is not private.</summary>
    public PrivacyLedger? Ledger { get; private set; } = plan.Ledger;

    /// <summary>The open round, or the last one.</summary>
    public RoundId Round { get; private set; }

    /// <summary>Whether contributions are awaited.</summary>
    public bool RoundOpen { get; private set; }

    /// <summary>Whether the budget ended training within the current epoch.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>The sum that is being gathered.</summary>
    public IContributionSum Tree => sums(Round.Purpose);

    /// <summary>Whether a checkpoint is wanted at this step.</summary>
    public bool CheckpointDue =>
        StepInEpoch == 0 || (plan.CheckpointEverySteps > 0 && IsCheckpointDue(plan.CheckpointEverySteps));

    /// <summary>Begins before the first step.</summary>
    public void Begin(long reservedSteps)
    {
        (_window, _withinEpoch) = (null, false);
        Ledger = Ledger?.Reserve(reservedSteps);
        Place(0, 0, 0, default, default, -1);
        Clocks?.Restore(0);
        Ranges?.OnCollected(0);
    }

    /// <summary>Goes on where a checkpoint stands.</summary>
    /// <param name="header">What it says.</param>
    /// <param name="reservedSteps">Up to which step noise is accounted for.</param>
    /// <param name="withinEpoch">Whether the learner wants more steps of the epoch.</param>
    public void Restore(CheckpointHeader header, long reservedSteps, bool withinEpoch)
    {
        (_window, _withinEpoch) = (null, withinEpoch);
        if (header.Ledger is { } ledger) Ledger = PrivacyLedger.FromBytes(ledger);
        Ledger = Ledger?.Reserve(reservedSteps);
        Place(header.Step, header.Epoch, header.StepInEpoch, header.Tally, header.LastTally, header.BestEpoch);
        if (header.Clocks is { } clocks) Clocks?.Restore(clocks);
        else Clocks?.Restore(header.Step);
        Ranges?.OnCollected(header.Step);
    }

    /// <summary>What a checkpoint says that is taken now.</summary>
    /// <param name="jobTextSha256">Of what the job's steps depend on.</param>
    /// <param name="numbers">How the numbers are stored.</param>
    /// <param name="stateLength">How many the state has.</param>
    /// <param name="optimizerStateLength">How many there are that only the parameter server keeps.</param>
    public CheckpointHeader Header(string jobTextSha256, NumberKind numbers, int stateLength, int optimizerStateLength) => new()
    {
        JobTextSha256 = jobTextSha256,
        Step = SoundStep,
        Epoch = Epoch,
        StepInEpoch = _window?.StepInEpoch ?? StepInEpoch,
        Tally = _window?.Tally ?? Tally,
        LastTally = LastTally,
        Incarnation = incarnation,
        Ledger = Ledger?.ToBytes(),
        BestEpoch = BestEpoch,
        Numbers = numbers,
        StateLength = stateLength,
        OptimizerStateLength = optimizerStateLength,
        Clocks = Clocks?.ToArray(),
    };

    public Decision OnTrainEpoch(int epoch)
    {
        if (epoch > Epoch) return new Decision.Behind();
        if (epoch == Epoch - 1 && StepInEpoch == 0 && !_training) return Confirm(Trained());
        if (epoch < Epoch) return RewindTo(((epoch + 1L) * plan.StepsPerEpoch) - 1);
        if (_training) return Decision.Waits;
        _training = true;
        ShowingBest = false;
        return Confirm(Advance());
    }

    /// <summary>The journal holds the reservation: the noise may be used.</summary>
    public Decision OnReserved(long steps)
    {
        Ledger = Ledger?.Reserve(steps);
        return _training && !RoundOpen ? Advance() : Decision.Waits;
    }

    public Decision OnEvaluateSplit(RoundPurpose purpose, int epoch)
    {
        if (RoundOpen && Round.Purpose == purpose) return Decision.Waits;
        if (_evaluation is { } known && known.Purpose == purpose && known.Epoch == epoch) return Confirm(new Decision.SplitMeasured(known));
        if (Locate(epoch) is { } elsewhere) return elsewhere;
        _evaluation = null;
        _evaluationEpoch = epoch;
        return Confirm(Open(purpose));
    }

    public Decision OnKeepBest(int epoch)
    {
        if (BestEpoch == epoch) return Confirm(new Decision.BestKept(epoch, IsNew: false));
        if (Locate(epoch) is { } elsewhere) return elsewhere;
        BestEpoch = epoch;
        return Confirm(new Decision.BestKept(epoch, IsNew: true));
    }

    public Decision OnRestoreBest(int epoch)
    {
        if (BestEpoch != epoch) return Epoch <= epoch ? new Decision.Behind() : RewindTo((epoch + 1L) * plan.StepsPerEpoch);
        if (_training) return Decision.Waits;
        if (!ShowingBest) _evaluation = null;
        ShowingBest = true;
        return Confirm(new Decision.BestRestored(epoch));
    }

    /// <summary>Whether the state shown is one that the job's coordinator knows of.</summary>
    public bool MaySaveModel => _confirmed && !_training && !RoundOpen;

    /// <summary>A contribution has come, or the handle of one.</summary>
    public Decision OnContribution(PushContribution push)
    {
        if (!RoundOpen || push.Round != Round) return Decision.Waits;
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        if (!subtree.IsAligned(plan.MicroBatches)) return new Decision.Refuse($"subtree {push.Subtree}: wanted an aligned one of {plan.MicroBatches} micro-batches");
        if (RefuseStranger(push, subtree) is { } refused) return refused;
        return push.Sum.IsElsewhere && !Wants(subtree) ? Decision.Waits : new Decision.Take(subtree);
    }

    /// <summary>A contribution was offered to the sum.</summary>
    public Decision OnOffered(WorkerId worker, Subtree subtree, SumOutcome outcome)
    {
        if (outcome == SumOutcome.Accepted && IsCarrying && plan.Feedback!.Begins(NextStep)) _carriers.Take(worker, subtree);
        return TryComplete();
    }

    /// <summary>The step was taken.</summary>
    /// <param name="tally">What the epoch has come to with it.</param>
    /// <param name="withinEpoch">Whether the learner wants more steps of the epoch.</param>
    public Decision OnStepped(StepTally tally, bool withinEpoch)
    {
        (Tally, _withinEpoch) = (tally, withinEpoch);
        if (plan.Feedback?.Ends(NextStep) == true) _window = null;
        Step++;
        StepInEpoch++;
        return Advance();
    }

    /// <summary>The sums of an evaluation are here.</summary>
    public Decision OnMeasured(TensorPayload totals) =>
        new Decision.SplitMeasured(_evaluation = new SplitEvaluated(plan.Job, Round.Purpose, _evaluationEpoch, totals));

    /// <summary>Ends the round as soon as nothing of it is missing.</summary>
    public Decision TryComplete() =>
        RoundOpen && Tree.IsComplete && (Ranges is null || Round.Purpose != RoundPurpose.Train || Ranges.MayStep) ? Complete() : Decision.Waits;

    private bool Wants(Subtree subtree)
    {
        for (int leaf = subtree.First; leaf < subtree.First + subtree.Count; leaf++)
            if (Tree.IsMissing(leaf)) return true;
        return false;
    }

    private Decision Complete()
    {
        RoundOpen = false;
        if (Round.Purpose != RoundPurpose.Train) return new Decision.Measure();
        return new Decision.TakeStep(NextStep, Tally, EndsWindow: plan.Feedback?.Ends(NextStep) == true);
    }

    private Decision Advance()
    {
        if ((StepInEpoch >= plan.StepsPerEpoch && !_withinEpoch) || Tally.Converged)
        {
            _training = _withinEpoch = false;
            (_evaluation, _window) = (null, null);
            Place(Step, Epoch + 1, 0, default, Tally, BestEpoch);
            return Trained();
        }
        if (Clocks is not null) return new Decision.Dispatch();
        if (Ledger is null || Ledger.Allows(Step)) return Open(RoundPurpose.Train);
        long reservation = Ledger.Reserve(Math.Min(Step + TrainingPlan.ReservationSteps, plan.Steps)).Steps;
        if (reservation > Step) return new Decision.Reserve(reservation);
        Exhausted = true;
        _training = false;
        return new Decision.Exhausted(Step);
    }

    private Decision.Publish Open(RoundPurpose purpose)
    {
        Begin(purpose);
        return new Decision.Publish(Round, BeginsWindow: purpose == RoundPurpose.Train && TryBeginWindow());
    }

    private void Begin(RoundPurpose purpose)
    {
        Round = new RoundId(incarnation, ++_ordinal, purpose, Step, Epoch);
        RoundOpen = true;
        Ranges?.Open();
    }

    private Decision.EpochDone Trained() => new(Epoch - 1, Step, LastTally);

    /// <summary>What to do about it if the state is not the one after that epoch; null if it is.</summary>
    private Decision? Locate(int epoch)
    {
        bool there = (Epoch == epoch + 1 && StepInEpoch == 0) || (Epoch == epoch && Exhausted) || (ShowingBest && epoch == BestEpoch);
        if (there) return null;
        return Epoch <= epoch ? new Decision.Behind() : RewindTo((epoch + 1L) * plan.StepsPerEpoch);
    }

    private Decision.Rewind RewindTo(long step)
    {
        RoundOpen = _training = _confirmed = ShowingBest = Exhausted = false;
        _evaluation = null;
        return new Decision.Rewind(step);
    }

    private Decision Confirm(Decision decision)
    {
        _confirmed = true;
        return decision;
    }

    private void Place(long step, int epoch, long stepInEpoch, StepTally tally, StepTally lastTally, int bestEpoch) =>
        (Step, Epoch, StepInEpoch, Tally, LastTally, BestEpoch) = (step, epoch, stepInEpoch, tally, lastTally, bestEpoch);
}
