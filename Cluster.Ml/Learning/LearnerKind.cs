using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Learning;

/// <summary>A kind of learner: all that the rest of the system must know of it, said beside the learner and registered in <see cref="LearnerRegistry"/>.</summary>
public abstract class LearnerKind
{
    /// <summary>As the key model.kind names it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is: one line.</summary>
    public abstract string Meaning { get; }

    /// <summary>Whether it learns from a plain text, and not from a table or images.</summary>
    public virtual bool ReadsText => false;

    /// <summary>The most classes that it can tell apart.</summary>
    public virtual int ClassesMax => int.MaxValue;

    /// <summary>The keys of model that it has, beside kind.</summary>
    public IReadOnlyList<JobKey> Keys => Options.Keys;

    /// <summary>What declares, reads and writes those keys.</summary>
    internal virtual KeySet Options => ModelOptions.NoKeys;

    /// <summary>The update rules that training.optimizer may name.</summary>
    internal virtual IReadOnlyList<string> Optimizers => OptimizerRegistry.Names;

    /// <summary>The update rule of a job that names none.</summary>
    internal virtual OptimizerSpec DefaultOptimizer => new AdamOptions();

    /// <summary>The epochs of a job that names none; null for the usual number.</summary>
    internal virtual int? EpochsOf(ModelOptions options) => null;

    /// <summary>What it learns to say of a row.</summary>
    public abstract TargetKind TargetOf(ModelOptions options);

    /// <summary>What it says of a row.</summary>
    public abstract OutputForm OutputOf(ModelOptions options);

    /// <summary>The figures that tell how good it is. The first with a direction decides which state is the best.</summary>
    public abstract IReadOnlyList<Figure> FiguresOf(ModelOptions options);

    /// <summary>What it is given as a row.</summary>
    public virtual DataForm DataOf(ModelOptions options) => DataForm.Table.Instance;

    /// <summary>How it trains with an update rule.</summary>
    /// <param name="optimizer">One that it knows; 'none' if the learner defines its own steps.</param>
    public abstract LearnerForm FormOf(string optimizer);

    /// <summary>Whether it has a capability, with the update rule that it has by default.</summary>
    public bool Can(Capability capability) => FormOf(DefaultOptimizer.Kind).Has(capability);

    /// <summary>The learner of a job, whatever wraps it for the exchange between workers and parameter server.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Sizes and class names of its data.</param>
    /// <param name="secret">What the noise of a private job is drawn from; null if this learner takes no step.</param>
    /// <exception cref="BadInputException">The model does not fit the data.</exception>
    public abstract ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret);
}

/// <summary>What a model says of a row.</summary>
public enum OutputForm
{
    /// <summary>A class, with a score for each.</summary>
    Class,

    /// <summary>A number.</summary>
    Number,

    /// <summary>The cluster that it belongs to.</summary>
    Cluster,

    /// <summary>The row itself, or how far it is from being given back.</summary>
    Row,

    /// <summary>Its coordinates along other axes: a vector.</summary>
    Coordinates,

    /// <summary>The next token of a text.</summary>
    Token,

    /// <summary>Nothing of rows: vectors that are looked up.</summary>
    Vectors,

    /// <summary>What to do in the state that it is.</summary>
    Action,
}
