namespace Broker.Specs.Conformance.Statements;

/// <summary>Whom a statement binds.</summary>
internal enum Binding
{
    /// <summary>Clients only: a server cannot break it, but it may have to answer those who do.</summary>
    Client,

    /// <summary>Servers only.</summary>
    Server,

    /// <summary>Clients and servers.</summary>
    Both,
}
