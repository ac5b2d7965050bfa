package tocsin.node.control;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.core.NodeCore;
import tocsin.node.core.Witnesses;
import tocsin.node.loop.NodeLoop;
import tocsin.proto.AddAnchorRequest;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.proto.AnchorView;
import tocsin.proto.BackupLogRequest;
import tocsin.proto.CompromiseReply;
import tocsin.proto.CompromiseRequest;
import tocsin.proto.ControlGrpc;
import tocsin.proto.ExplainRequest;
import tocsin.proto.Explanation;
import tocsin.proto.FlushResolversReply;
import tocsin.proto.FlushResolversRequest;
import tocsin.proto.GetAlertRequest;
import tocsin.proto.GetLogStatusRequest;
import tocsin.proto.GetNextHeaderRequest;
import tocsin.proto.GetStatusRequest;
import tocsin.proto.GetTrustGraphRequest;
import tocsin.proto.ListAlertsReply;
import tocsin.proto.ListAlertsRequest;
import tocsin.proto.ListAnchorsReply;
import tocsin.proto.ListAnchorsRequest;
import tocsin.proto.ListKeysReply;
import tocsin.proto.ListKeysRequest;
import tocsin.proto.ListOrganizationsReply;
import tocsin.proto.ListOrganizationsRequest;
import tocsin.proto.ListPeersReply;
import tocsin.proto.ListPeersRequest;
import tocsin.proto.ListRegistrationsReply;
import tocsin.proto.ListRegistrationsRequest;
import tocsin.proto.ListResolversReply;
import tocsin.proto.ListResolversRequest;
import tocsin.proto.ListVouchesReply;
import tocsin.proto.ListVouchesRequest;
import tocsin.proto.LogReading;
import tocsin.proto.LogStatus;
import tocsin.proto.NextHeader;
import tocsin.proto.NodeStatus;
import tocsin.proto.PeerAddress;
import tocsin.proto.ProveStatementRequest;
import tocsin.proto.RemoveAnchorRequest;
import tocsin.proto.ShowLogReply;
import tocsin.proto.ShowLogRequest;
import tocsin.proto.StatementProof;
import tocsin.proto.SubmitReply;
import tocsin.proto.SubmitRequest;
import tocsin.proto.TestResolversReply;
import tocsin.proto.TestResolversRequest;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.VerifyLogRequest;
import tocsin.proto.WhyReply;
import tocsin.proto.WhyRequest;

/// The control service: each call is handed to the subject that it is about, and what goes wrong
/// becomes a status with one sentence. Calls run on virtual threads and may block.
public final class ControlService extends ControlGrpc.ControlImplBase {
  /// A watched alert is looked at this often: it is a person who waits.
  private static final long WATCH_MILLIS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

  private final NodeLoop loop;
  private final StatusAnswers status;
  private final AlertAnswers alerts;
  private final TrustAnswers trust;
  private final WebAnswers web;
  private final PeerAnswers peers;
  private final ResolverAnswers resolvers;
  private final LogAnswers log;

  public ControlService(
      NodeLoop loop,
      StatusAnswers status,
      AlertAnswers alerts,
      TrustAnswers trust,
      WebAnswers web,
      PeerAnswers peers,
      ResolverAnswers resolvers,
      LogAnswers log) {
    this.loop = loop;
    this.status = status;
    this.alerts = alerts;
    this.trust = trust;
    this.web = web;
    this.peers = peers;
    this.resolvers = resolvers;
    this.log = log;
  }

  private <T> void look(StreamObserver<T> observer, Function<NodeCore, T> function) {
    answer(observer, () -> loop.ask(function));
  }

  private static <T> void answer(StreamObserver<T> observer, Callable<T> work) {
    tell(observer, news -> news.accept(work.call()));
  }

  /// Work that tells how it goes.
  private interface Telling<T> {
    void tell(Consumer<T> news) throws Exception;
  }

  /// Who does not listen any more ends the work.
  private static <T> void tell(StreamObserver<T> observer, Telling<T> work) {
    try {
      work.tell(observer::onNext);
    } catch (Exception e) {
      if (!((ServerCallStreamObserver<T>) observer).isCancelled()) {
        observer.onError(statusOf(e).asRuntimeException());
      }
      return;
    }
    observer.onCompleted();
  }

  private static Status statusOf(Exception e) {
    if (e instanceof Refusal refusal) {
      return refusal.status();
    }
    if (e instanceof IllegalStateException) {
      return Status.UNAVAILABLE.withDescription(e.getMessage());
    }
    LOG.error("a request of the command line broke", e);
    return Status.INTERNAL.withDescription("the node broke while answering: " + e);
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<NodeStatus> observer) {
    look(observer, status::status);
  }

  @Override
  public void getNextHeader(GetNextHeaderRequest request, StreamObserver<NextHeader> observer) {
    look(observer, core -> status.nextHeader(core, request));
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitReply> observer) {
    answer(observer, () -> alerts.submit(request));
  }

  @Override
  public void listAlerts(ListAlertsRequest request, StreamObserver<ListAlertsReply> observer) {
    look(observer, core -> alerts.list(core, request));
  }

  @Override
  public void getAlert(GetAlertRequest request, StreamObserver<AlertView> observer) {
    look(observer, core -> alerts.show(core, request.getId()));
  }

  @Override
  public void approveAlert(GetAlertRequest request, StreamObserver<AlertView> observer) {
    answer(observer, () -> alerts.approve(request.getId()));
  }

  @Override
  public void watchAlert(GetAlertRequest request, StreamObserver<AlertView> observer) {
    var call = (ServerCallStreamObserver<AlertView>) observer;
    try {
      AlertView last = AlertView.getDefaultInstance();
      while (!call.isCancelled()) {
        AlertView next = loop.ask(core -> alerts.show(core, request.getId()));
        if (!next.equals(last)) {
          call.onNext(next);
          last = next;
          if (isEnd(next.getState())) {
            break;
          }
        }
        Thread.sleep(WATCH_MILLIS);
      }
      call.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.onError(Status.UNAVAILABLE.withDescription("the node is stopping").asException());
    } catch (RuntimeException e) {
      if (!call.isCancelled()) {
        call.onError(statusOf(e).asRuntimeException());
      }
    }
  }

  private static boolean isEnd(AlertState state) {
    return state == AlertState.EXPIRED;
  }

  @Override
  public void listAnchors(ListAnchorsRequest request, StreamObserver<ListAnchorsReply> observer) {
    look(observer, trust::anchors);
  }

  @Override
  public void addAnchor(AddAnchorRequest request, StreamObserver<AnchorView> observer) {
    answer(observer, () -> trust.addAnchor(request));
  }

  @Override
  public void removeAnchor(RemoveAnchorRequest request, StreamObserver<AnchorView> observer) {
    answer(observer, () -> trust.removeAnchor(request));
  }

  @Override
  public void listOrganizations(
      ListOrganizationsRequest request, StreamObserver<ListOrganizationsReply> observer) {
    look(observer, core -> trust.organizations(core, request.getOrganization()));
  }

  @Override
  public void listVouches(ListVouchesRequest request, StreamObserver<ListVouchesReply> observer) {
    look(observer, core -> trust.vouches(core, request.getOrganization()));
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<Explanation> observer) {
    look(observer, core -> trust.explain(core, request.getSubject()));
  }

  @Override
  public void getTrustGraph(
      GetTrustGraphRequest request, StreamObserver<TrustGraphReply> observer) {
    look(observer, core -> web.graph(core, request.getSubject()));
  }

  @Override
  public void compromise(CompromiseRequest request, StreamObserver<CompromiseReply> observer) {
    look(observer, core -> web.compromise(core, request));
  }

  @Override
  public void listRegistrations(
      ListRegistrationsRequest request, StreamObserver<ListRegistrationsReply> observer) {
    look(observer, core -> web.registrations(core, request.getName()));
  }

  @Override
  public void listKeys(ListKeysRequest request, StreamObserver<ListKeysReply> observer) {
    look(observer, core -> web.keys(core, request.getOrganization()));
  }

  @Override
  public void listPeers(ListPeersRequest request, StreamObserver<ListPeersReply> observer) {
    look(observer, peers::list);
  }

  @Override
  public void addPeer(PeerAddress request, StreamObserver<PeerAddress> observer) {
    answer(observer, () -> peers.add(request));
  }

  @Override
  public void removePeer(PeerAddress request, StreamObserver<PeerAddress> observer) {
    answer(observer, () -> peers.remove(request));
  }

  @Override
  public void listResolvers(
      ListResolversRequest request, StreamObserver<ListResolversReply> observer) {
    look(observer, resolvers::list);
  }

  @Override
  public void testResolvers(
      TestResolversRequest request, StreamObserver<TestResolversReply> observer) {
    answer(observer, () -> resolvers.test(request));
  }

  @Override
  public void flushResolvers(
      FlushResolversRequest request, StreamObserver<FlushResolversReply> observer) {
    answer(observer, () -> resolvers.flush(request));
  }

  @Override
  public void why(WhyRequest request, StreamObserver<WhyReply> observer) {
    answer(observer, () -> resolvers.why(request));
  }

  @Override
  public void getLogStatus(GetLogStatusRequest request, StreamObserver<LogStatus> observer) {
    look(observer, log::status);
  }

  @Override
  public void verifyLog(VerifyLogRequest request, StreamObserver<LogReading> observer) {
    tell(
        observer,
        news ->
            log.verify(
                loop.ask(core -> core.view().log()),
                loop.ask(NodeCore::witnesses).flatMap(Witnesses::checkpoint),
                news));
  }

  @Override
  public void proveStatement(
      ProveStatementRequest request, StreamObserver<StatementProof> observer) {
    look(observer, core -> log.prove(core, request));
  }

  @Override
  public void backupLog(BackupLogRequest request, StreamObserver<LogReading> observer) {
    tell(observer, news -> log.backup(loop, request, news));
  }

  @Override
  public void showLog(ShowLogRequest request, StreamObserver<ShowLogReply> observer) {
    look(observer, core -> log.show(core, request));
  }
}
