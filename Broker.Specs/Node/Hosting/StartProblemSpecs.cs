using Broker.Actors.Storage;
using Broker.Node.Hosting;
using Broker.Protocol.Transport;

namespace Broker.Specs.Node.Hosting;

public sealed class StartProblemSpecs
{
    [Fact]
    public void A_fault_of_the_program_keeps_its_stack_trace()
    {
        StartProblem.Explain(new InvalidOperationException("bug")).Should().BeNull();
        StartProblem.Explain(new AggregateException(new StartException("one"), new StartException("two"))).Should().BeNull();
    }

    [Fact]
    public void What_the_operator_can_mend_is_one_line()
    {
        StartProblem.Explain(new StartException("known")).Should().Be("known");
        StartProblem.Explain(new AggregateException(new StartException("known"))).Should().Be("known");
        StartProblem.Explain(new ListenerException("mqtt.listeners.tcp.port: in use")).Should().Be("mqtt.listeners.tcp.port: in use");
        StartProblem.Explain(new StorageException("PostgreSQL refuses the login")).Should().Be("PostgreSQL refuses the login");
    }
}
