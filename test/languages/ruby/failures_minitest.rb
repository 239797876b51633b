require 'minitest/autorun'
require_relative '../shop'
require_relative 'paybox_sim'

class FailuresTest < Minitest::Test
  include PayboxSim::Minitest

  def test_charged
    Shop.new(paybox.url).checkout('ORDER-1', 1000)
    assert_charged_once 'ORDER-1', 10
  end

  def test_nothing
    assert_charged_once
  end

  def test_received
    Shop.new(paybox.url).checkout('ORDER-1', 1000)
    assert_received({ send: 'pay', with: { MONTANT: /999$/ } })
  end

  def test_findings
    2.times { Shop.new(paybox.url).checkout('ORDER-1', 1000) }
    assert_no_findings 'error'
  end
end
