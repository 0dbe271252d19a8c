using System.Data.Common;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Tests.Database;

public sealed class DatabaseRetriesTests
{
    [Fact]
    public void A_request_is_made_again_until_the_database_answers()
    {
        FailingDatabase database = new(failures: 3);

        database.Do((_, _) => 7).ShouldBe(7);

        database.Connections.ShouldBe(4);
    }

    [Fact]
    public void An_outage_that_outlasts_its_deadline_is_told_with_its_cause()
    {
        FailingDatabase database = new(failures: int.MaxValue);

        StorageException told = Should.Throw<StorageException>(() => database.Do((_, _) => 7, TimeSpan.Zero));

        told.Message.ShouldContain("database of the test: wanted to use the journal's database, got for 0.");
        told.InnerException.ShouldBeOfType<TimeoutException>();
        database.Connections.ShouldBe(1);
    }

    [Fact]
    public void What_the_database_refuses_for_good_is_not_asked_again()
    {
        FailingDatabase database = new(failures: 0);

        Should.Throw<StorageException>(() => database.Do<int>((_, _) => throw new InvalidOperationException("no such table")));

        database.Connections.ShouldBe(1);
    }

    [Fact]
    public void An_error_of_the_program_passes_as_it_is()
    {
        FailingDatabase database = new(failures: 0);

        Should.Throw<ArgumentException>(() => database.Do<int>((_, _) => throw new ArgumentException("an error of ours")));

        database.Connections.ShouldBe(1);
    }

    [Fact]
    public void So_many_attempts_are_made_and_no_more()
    {
        int attempts = 0;

        Should.Throw<TimeoutException>(() => DatabaseRetries.For(error => error is TimeoutException, attempts: 3).Execute(() =>
        {
            attempts++;
            throw new TimeoutException();
        }));

        attempts.ShouldBe(3);
    }

    /// <summary>A database that cannot be reached so many times.</summary>
    private sealed class FailingDatabase(int failures) : CoordinatorDatabase
    {
        public int Connections { get; private set; }

        public override string Name => "database of the test";

        public override string Now => "0";

        public override string TokenLock => "";

        public override DbConnection Connect()
        {
            if (Connections++ < failures) throw new TimeoutException("no answer");
            SqliteConnection connection = new("Data Source=:memory:");
            connection.Open();
            return connection;
        }

        protected override void Migrate(DbConnection connection)
        {
        }

        protected override bool IsOutage(Exception error) => error is TimeoutException;
    }
}
