namespace Broker.Specs.Support.Databases;

/// <summary>One PostgreSQL for all specs of its collection.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    internal PostgreSqlServer Server { get; } = new();

    public Task InitializeAsync() => Server.CreateAsync();

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}

/// <summary>One MariaDB for all specs of its collection.</summary>
public sealed class MariaDbFixture : IAsyncLifetime
{
    internal MariaDbServer Server { get; } = new();

    public Task InitializeAsync() => Server.CreateAsync();

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}

[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlFixture>
{
    public const string Name = "PostgreSQL";
}

[CollectionDefinition(Name)]
public sealed class MariaDbCollection : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "MariaDB";
}
