require 'minitest/autorun'
require_relative '../shop'
require_relative 'paybox_sim'

class MembersTest < Minitest::Test
  include PayboxSim::Minitest
  parallelize_me!

  def test_assertions
    paybox.answer('00105', match: { REFERENCE: 'ORDER-1' })
    shop = Shop.new(paybox.url)
    assert_equal 'refused', shop.checkout('ORDER-1', 1000)
    assert_equal 'paid', shop.checkout('ORDER-2', 2000)
    assert_not_charged 'ORDER-1'
    assert_charged_once 'ORDER-2', 2000, refunded: 0
    assert_received({ send: 'pay', with: { MONTANT: /^1.*0$/ } }, 'pay')
    assert_no_findings
  end

  4.times do |number|
    define_method(:"test_own_gateway_#{number}") do
      assert_equal 'paid', Shop.new(paybox.url).checkout('ORDER-1', 1000)
      assert_charged times: 1
    end
  end
end
